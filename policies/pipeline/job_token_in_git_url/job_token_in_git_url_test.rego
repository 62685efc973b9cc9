package policyctl.pipeline.job_token_in_git_url_test

import data.policyctl.pipeline.job_token_in_git_url as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": true,
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
		"message": "step \"Deploy\" of job \"build\" puts KEY, the token of the job, into the URL of git push",
	}} with input as _doc({"command": "git push"})
}

test_secret_of_the_user if {
	count(rule.deny) == 0 with input as _doc({"command": "git push", "platform_token": false})
	count(rule.deny) == 0 with input as _doc({"command": "curl", "sink": "network"})
	count(rule.deny) == 0 with input as {}
}
