package policyctl.pipeline.remote_code_beside_secret_test

import data.policyctl.pipeline.remote_code_beside_secret as rule

_doc := {
	"steps": [{"address": "jobs.build.steps.Cover", "job": "build", "index": 0, "name": "Cover", "kind": "shell"}],
	"exposures": [{"address": "e", "secret": {"name": "TOKEN"}, "platform_token": false, "at": "step_env", "job": "build", "step": 0, "variable": "T"}],
	"injected": [{"kind": "download", "command": "bash", "job": "build", "step": 0}],
}

test_run if {
	rule.deny == {{
		"path": ["injected", 0],
		"subject": "jobs.build.steps.Cover",
		"message": "step \"Cover\" of job \"build\" runs a download as it comes, with secret TOKEN in its environment",
	}} with input as _doc
}

# What is in the group is not known, but that it is in the environment is.
test_run_beside_a_group if {
	some found in rule.deny with input as object.union(_doc, {"exposures": [{"secret": {"store": "context", "group": "prod"}, "platform_token": false, "at": "job_env", "job": "build"}]})
	endswith(found.message, "with all of prod in its environment")
}

test_not_run if {
	count(rule.deny) == 0 with input as object.union(_doc, {"exposures": []})
	count(rule.deny) == 0 with input as object.union(_doc, {"exposures": [{"secret": {"store": "context", "group": "prod"}, "platform_token": false, "at": "job_env", "job": "other"}]})
	count(rule.deny) == 0 with input as object.union(_doc, {"injected": [{"kind": "outsider", "variable": "T", "command": "eval", "job": "build", "step": 0}]})
	count(rule.deny) == 0 with input as {}
}
