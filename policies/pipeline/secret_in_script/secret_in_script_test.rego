package policyctl.pipeline.secret_in_script_test

import data.policyctl.pipeline.secret_in_script as rule

_exposure(fields) := {
	"steps": [{"job": "build", "index": 0, "name": "Build", "kind": "shell"}],
	"exposures": [object.union(
		{
			"address": "jobs.build.steps.Build",
			"secret": {"name": "TOKEN"},
			"platform_token": false,
			"at": "inline",
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
		"message": "secret TOKEN is pasted into the script of step \"Build\" of job \"build\"; pass it as an environment variable",
	}} with input as _exposure({})
}

test_not_exposed if {
	count(rule.deny) == 0 with input as _exposure({"at": "step_env"})
	count(rule.deny) == 0 with input as _exposure({"platform_token": true})
	count(rule.deny) == 0 with input as {}
}

test_instead if {
	every platform, words in {"jenkins": "single quotes", "buildkite": "two dollar signs", "azure": "environment variable"} {
		some finding in rule.deny with input as object.union(_exposure({"at": "inline"}), {"platform": platform})
		contains(finding.message, words)
	}
}

test_uploaded if {
	doc := object.union(_exposure({"at": "job_env", "variable": "KEY", "secret": {"name": "TOKEN", "assumed": true}}), {"platform": "buildkite"})
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.build.steps.Build",
		"message": "secret TOKEN becomes text of the pipeline as KEY of step \"Build\" of job \"build\" when it is uploaded; let the job fetch it (secrets:)",
	}} with input as doc
	count(rule.deny) == 0 with input as object.union(doc, {"platform": "gitlab"})
	count(rule.deny) == 0 with input as object.union(_exposure({"at": "job_env", "variable": "KEY"}), {"platform": "buildkite"})
}
