package policyctl.pipeline.secret_in_env_file_test

import data.policyctl.pipeline.secret_in_env_file as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": false,
			"sink": "env_file",
			"transformed": [],
			"masked": "yes",
			"confidence": "exact",
			"job": "build",
			"step": 0,
		},
		fields,
	)],
}

test_for_later_steps if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "step \"Deploy\" of job \"build\" gives secret KEY to all later steps as PW",
	}} with input as _doc({"variable": "PW"})
}

test_another_rule if {
	count(rule.deny) == 0 with input as _doc({"variable": "PW", "masked": "no"})
	count(rule.deny) == 0 with input as {}
}
