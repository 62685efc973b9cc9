package policyctl.pipeline.interactive_debug_with_secret_test

import data.policyctl.pipeline.interactive_debug_with_secret as rule

_doc(name, job) := {
	"steps": [{"job": "a", "index": 1, "component": "mxschmitt/action-tmate@v3"}],
	"components": [{"address": "jobs.a.steps.1.uses", "owner": "mxschmitt", "name": name, "ref": "mxschmitt/action-tmate@v3", "job": "a", "step": 1}],
	"exposures": [{"secret": {"name": "TOKEN"}, "platform_token": false, "at": "step_env", "job": job, "step": 0}],
}

test_session if {
	rule.deny == {{
		"path": ["components", 0, "ref"],
		"subject": "jobs.a.steps.1.uses",
		"message": "step \"mxschmitt/action-tmate\" of job \"a\" opens a shell on the runner, in a job that gets TOKEN",
		"related": [{"message": "a secret that the session can read", "path": ["exposures", 0, "secret"]}],
	}} with input as _doc("action-tmate", "a")
}

test_no_session if {
	count(rule.deny) == 0 with input as _doc("action-tmate", "b")
	count(rule.deny) == 0 with input as _doc("action-other", "a")
	count(rule.deny) == 0 with input as {}
}
