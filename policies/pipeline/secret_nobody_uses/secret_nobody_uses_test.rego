package policyctl.pipeline.secret_nobody_uses_test

import data.policyctl.pipeline.secret_nobody_uses as rule

_exposure := {
	"address": "jobs.build.env.KEY",
	"secret": {"name": "KEY"},
	"platform_token": false,
	"at": "job_env",
	"job": "build",
	"variable": "KEY",
	"readers": [{"job": "build", "step": 0, "uses": "no"}, {"job": "build", "step": 1, "uses": "no"}],
}

_doc(fields, more) := object.union({"jobs": [{"id": "build"}], "exposures": [object.union(_exposure, fields)]}, more)

test_unused if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.build.env.KEY",
		"message": "nothing in job \"build\" uses secret KEY, which it gets as KEY",
	}} with input as _doc({}, {})
}

test_used if {
	count(rule.deny) == 0 with input as _doc({"readers": [{"job": "build", "step": 0, "uses": "yes"}]}, {})
	count(rule.deny) == 0 with input as _doc({"readers": [{"job": "build", "step": 0, "uses": "unknown"}]}, {})
	count(rule.deny) == 0 with input as _doc({"readers": []}, {})
	count(rule.deny) == 0 with input as _doc({"at": "step_env"}, {})
	count(rule.deny) == 0 with input as {}
}

test_used_elsewhere if {
	count(rule.deny) == 0 with input as _doc({}, {"exposures": [_exposure, object.union(_exposure, {"at": "condition", "address": "if"})]})
}

test_not_all_was_read if {
	count(rule.deny) == 0 with input as _doc({}, {"gaps": [{"what": "a script", "why": "syntax", "job": "build"}]})
	count(rule.deny) == 0 with input as _doc({}, {"gaps": [{"what": "an include", "why": "remote"}]})
	count(rule.deny) == 1 with input as _doc({}, {"gaps": [{"what": "a script", "why": "syntax", "job": "test"}]})
	count(rule.deny) == 0 with input as _doc({}, {"jobs": [{"id": "build", "calls": "./x.yml"}]})
}
