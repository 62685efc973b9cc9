package policyctl.pipeline.permissions_missing_test

import data.policyctl.pipeline.permissions_missing as rule

_token(job, explicit) := {"job": job, "kind": "platform_token", "explicit": explicit}

test_missing if {
	rule.deny == {{
		"path": ["identities", 1],
		"subject": "permissions",
		"message": "the tokens of b, c have whatever rights the settings give them",
	}} with input as {"platform": "githubactions", "identities": [_token("a", true), _token("b", false), _token("c", false)]}
}

test_there if {
	count(rule.deny) == 0 with input as {"platform": "githubactions", "identities": [_token("a", true)]}
	count(rule.deny) == 0 with input as {"platform": "githubactions", "identities": [{"job": "a", "kind": "oidc", "explicit": false}]}
	count(rule.deny) == 0 with input as {"platform": "azure", "identities": [_token("b", false)]}
	count(rule.deny) == 0 with input as {}
}
