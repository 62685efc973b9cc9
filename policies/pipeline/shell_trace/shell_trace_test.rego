package policyctl.pipeline.shell_trace_test

import data.policyctl.pipeline.shell_trace as rule

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

test_traced if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "step \"Deploy\" of job \"build\" traces its commands, and prints secret KEY with them",
	}} with input as _doc({"masked": "no", "command": "set -x"})
}

test_masked_or_not_traced if {
	count(rule.deny) == 0 with input as _doc({"command": "set -x"})
	count(rule.deny) == 0 with input as _doc({"masked": "no", "command": "set"})
	count(rule.deny) == 0 with input as {}
}
