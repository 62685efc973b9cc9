package policyctl.pipeline.secret_in_setting_test

import data.policyctl.pipeline.secret_in_setting as rule

_doc(exposure) := {
	"steps": [{"job": "a", "index": 0}],
	"exposures": [object.union({"address": "x", "secret": {"name": "T"}, "platform_token": false, "at": "setting", "variable": "name", "job": "a", "step": 0}, exposure)],
}

test_shown if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "x",
		"message": "step 1 of job \"a\" has secret T in its name, which the platform shows",
	}} with input as _doc({})
}

test_not_shown if {
	every exposure in [{"variable": "cache"}, {"at": "step_env"}, {"platform_token": true}, {"secret": {"name": "DEPLOY_HOST"}}] {
		count(rule.deny) == 0 with input as _doc(exposure)
	}
}
