package policyctl.pipeline.all_secrets_exposed_test

import data.policyctl.pipeline.all_secrets_exposed as rule

_exposure(secret, at) := {"exposures": [{"address": "jobs.build.env.ALL", "secret": secret, "platform_token": false, "at": at, "job": "build", "variable": "ALL", "transformed": []}]}

test_all_as_text if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.build.env.ALL",
		"message": "all secrets are handed to job \"build\"",
	}} with input as _exposure({"all": true}, "job_env")
}

test_a_computed_name if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.build.env.ALL",
		"message": "a computed name may mean any secret, so all of them are sent to job \"build\"",
	}} with input as _exposure({"all": true, "computed": true}, "job_env")
}

test_not_all if {
	count(rule.deny) == 0 with input as _exposure({"name": "TOKEN"}, "job_env")
	count(rule.deny) == 0 with input as _exposure({"all": true}, "forwarded")
	count(rule.deny) == 0 with input as {}
}
