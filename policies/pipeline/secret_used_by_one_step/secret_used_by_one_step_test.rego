package policyctl.pipeline.secret_used_by_one_step_test

import data.policyctl.pipeline.secret_used_by_one_step as rule

_doc(at, uses) := {
	"steps": [
		{"job": "build", "index": 0, "name": "Test", "kind": "shell"},
		{"job": "build", "index": 1, "name": "Deploy", "kind": "shell"},
		{"job": "build", "index": 2, "name": "Report", "kind": "component"},
	],
	"exposures": [{
		"address": "jobs.build.env.KEY",
		"secret": {"name": "TOKEN"},
		"platform_token": false,
		"at": at,
		"job": "build",
		"variable": "KEY",
		"readers": [{"job": "build", "step": i, "uses": use} | some i, use in uses],
	}],
}

test_one if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.build.env.KEY",
		"message": "3 steps get secret TOKEN as KEY, and only step \"Deploy\" of job \"build\" uses it",
		"related": [{"message": "this step uses it", "path": ["exposures", 0, "readers", 1]}],
	}} with input as _doc("job_env", ["no", "yes", "unknown"])
}

test_not_one if {
	count(rule.deny) == 0 with input as _doc("job_env", ["yes"])
	count(rule.deny) == 0 with input as _doc("job_env", ["yes", "yes"])
	count(rule.deny) == 0 with input as _doc("job_env", ["no", "no"])
	count(rule.deny) == 0 with input as _doc("job_env", ["unknown", "yes"])
	count(rule.deny) == 0 with input as _doc("ambient", ["no", "yes"])
	count(rule.deny) == 0 with input as {}
}
