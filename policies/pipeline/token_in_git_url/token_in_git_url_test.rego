package policyctl.pipeline.token_in_git_url_test

import data.policyctl.pipeline.token_in_git_url as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": false,
			"sink": "git_remote",
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
		"message": "step \"Deploy\" of job \"build\" puts secret KEY into the URL of git clone",
	}} with input as _doc({"command": "git clone"})
}

test_job_token if {
	count(rule.deny) == 0 with input as _doc({"command": "git clone", "platform_token": true})
	count(rule.deny) == 0 with input as _doc({"command": "curl", "sink": "network"})
	count(rule.deny) == 0 with input as {}
}
