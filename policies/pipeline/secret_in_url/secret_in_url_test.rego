package policyctl.pipeline.secret_in_url_test

import data.policyctl.pipeline.secret_in_url as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": false,
			"sink": "network",
			"transformed": [],
			"masked": "yes",
			"confidence": "exact",
			"job": "build",
			"step": 0,
		},
		fields,
	)],
}

test_in_url if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "curl in step \"Deploy\" of job \"build\" sends secret KEY to api.example.com as part of the address",
	}} with input as _doc({"command": "curl", "host": "api.example.com", "in_url": true})
}

test_in_header_or_all_of_it if {
	count(rule.deny) == 0 with input as _doc({"command": "curl", "host": "api.example.com"})
	count(rule.deny) == 0 with input as _doc({"command": "curl", "in_url": true})
	count(rule.deny) == 0 with input as {}
}
