package policyctl.pipeline.secret_in_build_arg_test

import data.policyctl.pipeline.secret_in_build_arg as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": false,
			"sink": "image",
			"transformed": [],
			"masked": "yes",
			"confidence": "exact",
			"job": "build",
			"step": 0,
		},
		fields,
	)],
}

test_build_argument if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "step \"Deploy\" of job \"build\" passes secret KEY as build argument NPM, which stays in the image",
	}} with input as _doc({"variable": "NPM"})
}

test_token_of_the_job if {
	count(rule.deny) == 1 with input as _doc({"variable": "NPM", "platform_token": true})
}

test_another_argument if {
	count(rule.deny) == 0 with input as _doc({"variable": "NPM", "sink": "argv"})
	count(rule.deny) == 0 with input as {}
}
