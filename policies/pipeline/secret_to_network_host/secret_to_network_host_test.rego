package policyctl.pipeline.secret_to_network_host_test

import data.policyctl.pipeline.secret_to_network_host as rule

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

test_sent if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "step \"Deploy\" of job \"build\" sends secret KEY to api.example.com by curl",
		"targets": ["api.example.com"],
	}} with input as _doc({"command": "curl", "host": "api.example.com"})
}

test_not_sent if {
	count(rule.deny) == 0 with input as _doc({"command": "curl", "host": "api.example.com", "platform_token": true})
	count(rule.deny) == 0 with input as _doc({"command": "curl", "sink": "argv"})
	count(rule.deny) == 0 with input as {}
}

test_unknown_host if {
	some finding in rule.deny with input as _doc({"command": "nc"})
	endswith(finding.message, "to a host that is known only when it runs by nc")
}
