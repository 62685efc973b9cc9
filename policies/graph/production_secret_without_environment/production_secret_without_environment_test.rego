package policyctl.graph.production_secret_without_environment_test

import data.policyctl.graph.production_secret_without_environment as rule

_claim := {"contract": "token", "environment": "prod", "tier": "prod"}

_use(fields) := object.union(
	{
		"name": "TOKEN", "slot": "github-secret:TOKEN", "consumer": "github:x.yml#deploy", "confidence": "exact",
		"binds_environment": false, "holds_value": true, "claims": [_claim],
	},
	fields,
)

_found(uses) := result if {
	result := rule.deny with input as {"uses": uses}
}

test_a_job_is_found_once if {
	_found([_use({}), _use({"delivery": "env"})]) == {{
		"path": ["uses", 0],
		"subject": "github-secret:TOKEN",
		"message": "github:x.yml#deploy gets TOKEN, which contract token declares for prod, a production environment, and names no environment",
		"related": [{"message": "contract token", "path": ["contracts", "token"]}],
	}}
}

test_silent if {
	every use in [
		_use({"binds_environment": true}),
		object.remove(_use({}), ["binds_environment"]),
		_use({"holds_value": false}),
		_use({"confidence": "wildcard"}),
		_use({"claims": []}),
		_use({"claims": [_claim, {"contract": "token"}]}),
		_use({"claims": [_claim, {"contract": "token", "environment": "staging", "tier": "nonprod"}]}),
		_use({"claims": [object.union(_claim, {"state": "retired"})]}),
		_use({"claims": [object.union(_claim, {"via_store": true})]}),
	] {
		count(_found([use])) == 0
	}
}
