package policyctl.pipeline.long_lived_personal_token_test

import data.policyctl.pipeline.long_lived_personal_token as rule

_doc(names) := {"exposures": [{"address": "jobs.a.env", "secret": {"name": name}, "platform_token": false, "at": "job_env", "job": "a"} | some name in names]}

test_tokens_of_people if {
	every name in ["GH_PAT", "PAT", "PAT_TOKEN", "pat2", "PERSONAL_ACCESS_TOKEN", "BOT_PERSONAL_TOKEN"] {
		rule.deny == {{"path": ["exposures", 0, "secret"], "subject": "jobs.a.env", "message": $"job \"a\" acts by secret {name}, which is a person's by its name"}} with input as _doc([name])
	}
	rule.deny == {{"path": ["exposures", 1, "secret"], "subject": "jobs.a.env", "message": "job \"a\" acts by secret GH_PAT, which is a person's by its name"}} with input as _doc(["X", "GH_PAT", "GH_PAT"])
}

test_other_secrets if {
	count(rule.deny) == 0 with input as _doc(["PATH_TO_KEY", "COMPAT_TOKEN", "DEPLOY_TOKEN", "SPATIAL_PASSWORD"])
	count(rule.deny) == 0 with input as {}
}
