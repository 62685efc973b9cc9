package policyctl.pipeline.interactive_debug_with_secret_test

import data.policyctl.pipeline.interactive_debug_with_secret as rule

_doc(does, inputs, exposure) := {
	"steps": [{"job": "a", "index": 1, "component": "mxschmitt/action-tmate@v3"}],
	"components": [{"address": "jobs.a.steps.1.uses", "facts": {"does": does}, "inputs": inputs, "ref": "mxschmitt/action-tmate@v3", "job": "a", "step": 1}],
	"exposures": [object.union({"secret": {"name": "TOKEN"}, "platform_token": false, "at": "step_env"}, exposure)],
}

test_session if {
	rule.deny == {{
		"path": ["components", 0, "ref"],
		"subject": "jobs.a.steps.1.uses",
		"message": "step \"mxschmitt/action-tmate\" of job \"a\" opens a shell on the runner, in a job that gets secret TOKEN",
		"related": [{"message": "a secret that the session can read", "path": ["exposures", 0, "secret"]}],
	}} with input as _doc(["debug"], {}, {"job": "a", "step": 0})
	count(rule.deny) == 1 with input as _doc(["debug"], {"limit-access-to-actor": ["true"]}, {"at": "pipeline_env"})
}

test_no_session if {
	count(rule.deny) == 0 with input as _doc(["debug"], {}, {"job": "b", "step": 0})
	count(rule.deny) == 0 with input as _doc([], {}, {"job": "a", "step": 0})
	count(rule.deny) == 0 with input as _doc(["debug"], {"limit-access-to-actor": "true"}, {"job": "a"})
	count(rule.deny) == 0 with input as _doc(["debug"], {"limit-access-to-users": "me"}, {"job": "a"})
	count(rule.deny) == 0 with input as {}
}

_script(script, job) := {
	"steps": [{"job": "a", "index": 0, "address": "jobs.a.script", "script": script}],
	"exposures": [{"secret": {"name": "TOKEN"}, "platform_token": false, "at": "job_env", "job": job}],
}

test_scripts if {
	every command in ["tmate -S /tmp/x new-session", "tmate -F", "upterm host", "ngrok tcp 22", "ssh -R 2222:localhost:22 me@host"] {
		rule.deny == {{
			"path": ["steps", 0, "script"],
			"match": command,
			"subject": "jobs.a.script",
			"message": $"\"{command}\" in step 1 of job \"a\" opens a shell on the runner, in a job that gets secret TOKEN",
			"related": [{"message": "a secret that the session can read", "path": ["exposures", 0, "secret"]}],
		}} with input as _script($"apt install x\n{command}", "a")
	}
	count(rule.deny) == 0 with input as _script("apt install tmate", "a")
	count(rule.deny) == 0 with input as _script("ngrok http 80", "a")
	count(rule.deny) == 0 with input as _script("tmate -F", "b")
}
