package policyctl.pipeline.secret_in_cache_test

import data.policyctl.pipeline.secret_in_cache as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": false,
			"sink": "cache",
			"transformed": [],
			"masked": "yes",
			"confidence": "exact",
			"job": "build",
			"step": 0,
		},
		fields,
	)],
}

test_cached if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "the cache of step \"Deploy\" of job \"build\" keeps ~/.npmrc, which holds secret KEY",
	}} with input as _doc({"path": "~/.npmrc"})
}

test_uploaded if {
	count(rule.deny) == 0 with input as _doc({"path": "~/.npmrc", "sink": "artifact"})
	count(rule.deny) == 0 with input as {}
}

# While the job runs, or where it is kept: others read it there.
test_token_of_the_job if {
	count(rule.deny) == 1 with input as _doc({"path": "~/.npmrc", "platform_token": true})
}
