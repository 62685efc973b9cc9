package policyctl.pipeline.structured_secret_test

import data.policyctl.pipeline.structured_secret as rule

_exposure(fields) := {
	"steps": [{"job": "build", "index": 0, "name": "Build", "kind": "shell"}],
	"exposures": [object.union(
		{
			"address": "jobs.build.steps.Build",
			"secret": {"name": "TOKEN"},
			"platform_token": false,
			"at": "step_env",
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
		"message": "step \"Build\" of job \"build\" takes a value out of secret TOKEN; logs do not mask it",
	}} with input as _exposure({"transformed": ["json", "format"]})
}

test_not_exposed if {
	count(rule.deny) == 0 with input as _exposure({"transformed": ["to_json"]})
	count(rule.deny) == 0 with input as _exposure({"transformed": ["json"], "at": "condition"})
	count(rule.deny) == 0 with input as {}
}
