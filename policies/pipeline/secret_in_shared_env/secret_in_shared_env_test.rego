package policyctl.pipeline.secret_in_shared_env_test

import data.policyctl.pipeline.secret_in_shared_env as rule

_doc(at, jobs) := {
	"jobs": [{"id": id} | some id in jobs],
	"steps": [{"job": id, "index": i, "kind": "shell"} | some id in jobs; some i in [0, 1]],
	"exposures": [{"address": "env.T", "secret": {"name": "TOKEN"}, "platform_token": false, "at": at, "job": "a", "variable": "T", "transformed": []}],
}

test_all_jobs if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "env.T",
		"message": "all 2 jobs get secret TOKEN as T",
	}} with input as _doc("pipeline_env", ["a", "b"])
}

test_all_steps if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "env.T",
		"message": "all 2 steps of job \"a\" get secret TOKEN as T",
	}} with input as _doc("job_env", ["a", "b"])
}

test_nobody_else if {
	count(rule.deny) == 0 with input as _doc("pipeline_env", ["a"])
	count(rule.deny) == 0 with input as _doc("step_env", ["a", "b"])
	count(rule.deny) == 0 with input as _doc("job_env", ["b"])
	count(rule.deny) == 0 with input as {}
}
