package policyctl.pipeline.possibly_unmasked_secret_in_log_test

import data.policyctl.pipeline.possibly_unmasked_secret_in_log as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": false,
			"sink": "log",
			"transformed": [],
			"masked": "yes",
			"confidence": "exact",
			"job": "build",
			"step": 0,
		},
		fields,
	)],
}

test_printed if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "step \"Deploy\" of job \"build\" prints secret KEY by cat; settings decide whether the log hides it",
	}} with input as _doc({"masked": "unknown", "command": "cat"})
}

test_certain if {
	count(rule.deny) == 0 with input as _doc({"command": "cat"})
	count(rule.deny) == 0 with input as _doc({"masked": "no", "command": "cat"})
	count(rule.deny) == 0 with input as _doc({"masked": "unknown", "command": "printenv"})
	count(rule.deny) == 0 with input as {}
}
