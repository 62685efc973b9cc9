package policyctl.graph.secret_open_to_outsiders_test

import data.policyctl.graph.secret_open_to_outsiders as rule

_use(fields) := object.union(
	{
		"name": "TOKEN", "slot": "github-secret:TOKEN", "consumer": "github:x.yml#label", "confidence": "exact",
		"open_to": ["pull_request_target", "issue_comment"], "claims": [{"contract": "token"}],
	},
	fields,
)

_found(rating, uses) := result if {
	result := rule.deny with input as {"uses": uses, "contracts": {"token": {"rating": rating}}}
}

test_a_job_is_found_once if {
	_found("medium", [_use({}), _use({"delivery": "env"})]) == {{
		"path": ["uses", 0],
		"subject": "github-secret:TOKEN",
		"message": "outsiders can start github:x.yml#label by pull_request_target, issue_comment, and it gets TOKEN of contract token, rated medium",
		"related": [{"message": "contract token", "path": ["contracts", "token"]}],
	}}
	count(_found("critical", [_use({}), _use({"slot": "github-secret:OTHER"})])) == 2
}

test_silent if {
	count(_found("low", [_use({})])) == 0
	every use in [
		_use({"open_to": []}),
		object.remove(_use({}), ["open_to"]),
		_use({"confidence": "wildcard"}),
		_use({"claims": []}),
		_use({"claims": [{"contract": "token", "state": "retired"}]}),
	] {
		count(_found("high", [use])) == 0
	}
}
