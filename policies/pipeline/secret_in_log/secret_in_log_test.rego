package policyctl.pipeline.secret_in_log_test

import data.policyctl.pipeline.secret_in_log as rule

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
		"message": "step \"Deploy\" of job \"build\" prints secret KEY, changed by reverse, by echo, and the log does not hide it",
	}} with input as _doc({"masked": "no", "command": "echo", "transformed": ["reverse"]})
}

# Logs are read while the job runs.
test_token_of_the_job if {
	count(rule.deny) == 1 with input as _doc({"masked": "no", "command": "echo", "platform_token": true})
}

test_hidden_or_another_rule if {
	count(rule.deny) == 0 with input as _doc({"command": "echo"})
	count(rule.deny) == 0 with input as _doc({"masked": "unknown", "command": "echo"})
	count(rule.deny) == 0 with input as _doc({"masked": "no", "command": "set -x"})
	count(rule.deny) == 0 with input as _doc({"masked": "no", "command": "curl -v"})
	count(rule.deny) == 0 with input as _doc({"masked": "no", "command": "echo", "sink": "file"})
	count(rule.deny) == 0 with input as _doc({"masked": "yes", "command": "echo", "platform_token": true})
	count(rule.deny) == 0 with input as _doc({"masked": "no", "command": "echo", "secret": {"name": "DB_HOST"}})
	count(rule.deny) == 0 with input as {}
}
