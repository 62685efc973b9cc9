package policyctl.pipeline.environment_dump_test

import data.policyctl.pipeline.environment_dump as rule

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

test_dumped if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "export -p in step \"Deploy\" of job \"build\" prints secret KEY with all other variables",
	}} with input as _doc({"masked": "unknown", "command": "export -p"})
}

test_masked_or_one_variable if {
	count(rule.deny) == 0 with input as _doc({"command": "export -p"})
	count(rule.deny) == 0 with input as _doc({"masked": "no", "command": "env"})
	count(rule.deny) == 0 with input as _doc({"masked": "unknown", "command": "echo"})
	count(rule.deny) == 0 with input as {}
}
