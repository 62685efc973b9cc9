package policyctl.pipeline.secret_in_build_arg_test

import data.policyctl.pipeline.secret_in_build_arg as rule

_exposure(fields) := {
	"steps": [{"job": "build", "index": 0, "name": "Build", "kind": "shell"}],
	"exposures": [object.union(
		{
			"address": "jobs.build.steps.Build",
			"secret": {"name": "TOKEN"},
			"platform_token": false,
			"at": "build_arg",
			"job": "build",
			"step": 0,
			"transformed": [],
		},
		fields,
	)],
}

test_exposed if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.build.steps.Build",
		"message": "step \"Build\" of job \"build\" passes secret TOKEN as build argument NPM, which stays in the image",
	}} with input as _exposure({"variable": "NPM"})
}

test_not_exposed if {
	count(rule.deny) == 0 with input as _exposure({"at": "input"})
	count(rule.deny) == 0 with input as _exposure({"platform_token": true})
	count(rule.deny) == 0 with input as {}
}
