package policyctl.pipeline.secret_evaluated_as_code_test

import data.policyctl.pipeline.secret_evaluated_as_code as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": false,
			"sink": "eval",
			"transformed": [],
			"masked": "yes",
			"confidence": "exact",
			"job": "build",
			"step": 0,
		},
		fields,
	)],
}

test_evaluated if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "eval in step \"Deploy\" of job \"build\" runs secret KEY as code",
	}} with input as _doc({"command": "eval"})
}

test_argument if {
	count(rule.deny) == 0 with input as _doc({"command": "deploy", "sink": "argv"})
	count(rule.deny) == 0 with input as {}
}
