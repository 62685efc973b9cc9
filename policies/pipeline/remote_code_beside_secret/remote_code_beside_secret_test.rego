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
		"targets": {"a host that is known only when it runs", "secret TOKEN"},
	}} with input as _doc
}

# What is in the group is not known, but that it is in the environment is.
test_run_beside_a_group if {
	some found in rule.deny with input as object.union(_doc, {"exposures": [{"secret": {"store": "context", "group": "prod"}, "platform_token": false, "at": "job_env", "job": "build"}]})
	endswith(found.message, "with all of prod in its environment")
}

# The settings give a variable to all steps: the one that names it is meant.
test_run_by_the_step_that_names_it if {
	ambient := {"secret": {"name": "TOKEN"}, "platform_token": false, "at": "ambient", "job": "build", "step": 0}
	some found in rule.deny with input as object.union(_doc, {"exposures": [ambient]})
	endswith(found.message, "with secret TOKEN in its environment")
	count(rule.deny) == 0 with input as object.union(_doc, {"exposures": [object.union(ambient, {"step": 1})]})
	count(rule.deny) == 0 with input as object.union(_doc, {"exposures": [object.union(ambient, {"secret": {"name": "REGISTRY_USER"}})]})
}

test_run_beside_a_file if {
	file := {"secret": {"name": "key"}, "platform_token": false, "at": "file", "job": "build"}
	every one in [file, object.union(file, {"step": 0}), object.union(file, {"step": 0, "until": 2})] {
		count(rule.deny) == 1 with input as object.union(_doc, {"exposures": [one]})
	}
	every one in [object.union(file, {"step": 1}), object.union(file, {"job": "other"})] {
		count(rule.deny) == 0 with input as object.union(_doc, {"exposures": [one]})
	}
}

test_run_with_an_argument if {
	flow := {"sink": "argv", "command": "bash", "secret": {"name": "TOKEN"}, "platform_token": false, "confidence": "exact", "transformed": [], "job": "build", "step": 0}
	some found in rule.deny with input as object.union(_doc, {"exposures": [], "flows": [flow]})
	endswith(found.message, "runs a download as it comes, and hands secret TOKEN to it")
	count(rule.deny) == 0 with input as object.union(_doc, {"exposures": [], "flows": [object.union(flow, {"command": "deploy"})]})
}

test_not_run if {
	count(rule.deny) == 0 with input as object.union(_doc, {"exposures": []})
	count(rule.deny) == 0 with input as object.union(_doc, {"exposures": [{"secret": {"store": "context", "group": "prod"}, "platform_token": false, "at": "job_env", "job": "other"}]})
	count(rule.deny) == 0 with input as object.union(_doc, {"injected": [{"kind": "outsider", "variable": "T", "command": "eval", "job": "build", "step": 0}]})
	count(rule.deny) == 0 with input as {}
}

test_run_from_where if {
	some found in rule.deny with input as object.union(_doc, {"injected": [{"kind": "download", "from": "get.example.com", "command": "bash", "job": "build", "step": 0}]})
	found.targets == {"get.example.com", "secret TOKEN"}
}
