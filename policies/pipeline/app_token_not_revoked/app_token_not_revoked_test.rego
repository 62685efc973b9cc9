package policyctl.pipeline.app_token_not_revoked_test

import data.policyctl.pipeline.app_token_not_revoked as rule

_doc(provider, revoked, inputs) := {
	"steps": [{"job": "a", "index": 0, "component": "x/y@v1"}],
	"components": [{"address": "jobs.a.uses", "ref": "x/y@v1", "job": "a", "step": 0, "inputs": inputs, "facts": {"provider": provider, "issued": [{"outputs": ["token"], "revoked": revoked}]}}],
}

_found(path) := {{"path": path, "subject": "jobs.a.uses", "message": "the app token of step \"x/y\" of job \"a\" stays valid after the job"}}

test_outlives if {
	rule.deny == _found(["components", 0, "inputs", "skip-token-revoke"]) with input as _doc("github", "no", {"skip-token-revoke": "true"})
	rule.deny == _found(["components", 0, "ref"]) with input as _doc("github", "no", {})
}

test_ends if {
	count(rule.deny) == 0 with input as _doc("github", "yes", {})
	count(rule.deny) == 0 with input as _doc("github", "unknown", {"skip-token-revoke": "${{ inputs.x }}"})
	count(rule.deny) == 0 with input as _doc("aws", "no", {})
	count(rule.deny) == 0 with input as {}
}
