package policyctl.graph.static_key_beside_oidc_test

import data.policyctl.graph.static_key_beside_oidc as rule

_use(fields) := object.union(
	{
		"name": "AWS_SECRET_ACCESS_KEY", "slot": "github-secret:AWS_SECRET_ACCESS_KEY", "consumer": "github:x.yml#deploy",
		"confidence": "exact", "static_key": "aws", "claims": [{"contract": "aws-key"}],
	},
	fields,
)

_workloads := {"github:y.yml#release": {"oidc_providers": ["aws"]}, "github:z.yml#sign": {"oidc_providers": ["gcp"]}}

_found(uses) := result if {
	result := rule.deny with input as {"uses": uses, "workloads": _workloads}
}

test_the_same_job_once if {
	_found([_use({"oidc_providers": ["aws"], "oidc": true}), _use({"name": "AWS_ACCESS_KEY_ID", "oidc_providers": ["aws"], "oidc": true})]) == {{
		"path": ["uses", 0],
		"subject": "github-secret:AWS_SECRET_ACCESS_KEY",
		"message": "github:x.yml#deploy logs in to aws by the long-lived key AWS_SECRET_ACCESS_KEY, and by its identity as well",
		"related": [{"message": "contract aws-key", "path": ["contracts", "aws-key"]}],
	}}
}

test_another_job_shows_the_way if {
	_found([_use({"oidc": true})]) == {{
		"path": ["uses", 0],
		"subject": "github-secret:AWS_SECRET_ACCESS_KEY",
		"message": "github:x.yml#deploy logs in to aws by the long-lived key AWS_SECRET_ACCESS_KEY, though it may ask for identity tokens, by which github:y.yml#release logs in there",
		"related": [
			{"message": "logs in by its identity", "path": ["workloads", "github:y.yml#release"]},
			{"message": "contract aws-key", "path": ["contracts", "aws-key"]},
		],
	}}
}

test_silent if {
	every use in [
		_use({}),
		_use({"oidc": false}),
		_use({"oidc": true, "static_key": "azure"}),
		_use({"oidc_providers": ["gcp"]}),
		_use({"confidence": "wildcard", "oidc_providers": ["aws"]}),
		object.remove(_use({"oidc_providers": ["aws"]}), ["static_key"]),
	] {
		count(_found([use])) == 0
	}
}
