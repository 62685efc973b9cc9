package policyctl.pipeline.verbose_tool_test

import data.policyctl.pipeline.verbose_tool as rule

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

test_verbose if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "curl -sv in step \"Deploy\" of job \"build\" prints what it is given, secret KEY among it",
	}} with input as _doc({"masked": "no", "command": "curl -sv"})
}

test_masked_or_quiet if {
	count(rule.deny) == 0 with input as _doc({"command": "curl -sv"})
	count(rule.deny) == 0 with input as _doc({"masked": "no", "command": "curl"})
	count(rule.deny) == 0 with input as {}
}
