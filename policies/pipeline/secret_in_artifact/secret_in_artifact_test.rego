package policyctl.pipeline.secret_in_artifact_test

import data.policyctl.pipeline.secret_in_artifact as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": false,
			"sink": "artifact",
			"transformed": [],
			"masked": "yes",
			"confidence": "exact",
			"job": "build",
			"step": 0,
		},
		fields,
	)],
}

test_uploaded if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "step \"Deploy\" of job \"build\" uploads key.pem, which holds secret KEY",
	}} with input as _doc({"path": "key.pem"})
}

test_kept if {
	count(rule.deny) == 0 with input as _doc({"path": "key.pem", "sink": "file"})
	count(rule.deny) == 0 with input as {}
}

# While the job runs, or where it is kept: others read it there.
test_token_of_the_job if {
	count(rule.deny) == 1 with input as _doc({"path": "key.pem", "platform_token": true})
}
