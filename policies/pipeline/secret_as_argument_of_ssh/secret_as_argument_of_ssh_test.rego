package policyctl.pipeline.secret_as_argument_of_ssh_test

import data.policyctl.pipeline.secret_as_argument_of_ssh as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": false,
			"sink": "argv",
			"transformed": [],
			"masked": "yes",
			"confidence": "exact",
			"job": "build",
			"step": 0,
		},
		fields,
	)],
}

test_sent if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "step \"Deploy\" of job \"build\" sends secret KEY as part of a command to another machine",
	}} with input as _doc({"command": "ssh"})
}

test_another_program if {
	count(rule.deny) == 0 with input as _doc({"command": "scp"})
	count(rule.deny) == 0 with input as {}
}
