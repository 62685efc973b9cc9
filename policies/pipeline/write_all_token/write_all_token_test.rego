package policyctl.pipeline.write_all_token_test

import data.policyctl.pipeline.write_all_token as rule

_identity(job, declared, all) := {
	"address": $"jobs.{job}.identities.platform_token",
	"job": job,
	"kind": "platform_token",
	"explicit": true,
	"declared_at": declared,
	"scopes": [],
	"all": all,
}

test_a_job if {
	rule.deny == {{
		"path": ["identities", 0, "all"],
		"subject": "jobs.a.identities.platform_token",
		"message": "the token of job \"a\" may write everything",
	}} with input as {"identities": [_identity("a", "job", "write")]}
}

test_a_pipeline_once if {
	rule.deny == {{
		"path": ["identities", 1, "all"],
		"subject": "permissions",
		"message": "the tokens of all jobs without permissions of their own may write everything",
	}} with input as {"identities": [_identity("a", "job", "read"), _identity("b", "pipeline", "write"), _identity("c", "pipeline", "write")]}
}

test_less if {
	count(rule.deny) == 0 with input as {"identities": [
		_identity("a", "pipeline", "read"),
		{"job": "b", "kind": "platform_token", "explicit": false, "scopes": []},
		{"job": "b", "kind": "oidc", "explicit": true, "declared_at": "pipeline", "scopes": []},
	]}
	count(rule.deny) == 0 with input as {}
}
