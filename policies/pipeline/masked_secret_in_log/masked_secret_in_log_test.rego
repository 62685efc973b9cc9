package policyctl.pipeline.masked_secret_in_log_test

import data.policyctl.pipeline.masked_secret_in_log as rule

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
		"message": "step \"Deploy\" of job \"build\" prints secret KEY by echo; only the mask of the log hides it",
	}} with input as _doc({"command": "echo"})
}

test_not_masked if {
	count(rule.deny) == 0 with input as _doc({"masked": "no", "command": "echo"})
	count(rule.deny) == 0 with input as _doc({"sink": "argv", "command": "curl"})
	count(rule.deny) == 0 with input as {}
}

test_trace if {
	count(rule.deny) == 1 with input as _doc({"command": "set -x"})
	count(rule.deny) == 0 with input as object.union(_doc({"command": "set -x"}), {"platform": "jenkins"})
}
