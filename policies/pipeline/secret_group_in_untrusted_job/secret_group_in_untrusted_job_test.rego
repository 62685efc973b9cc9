package policyctl.pipeline.secret_group_in_untrusted_job_test

import data.policyctl.pipeline.secret_group_in_untrusted_job as rule

_doc(fields, open) := {
	"jobs": [{"id": "build", "open_to": open}, {"id": "lint", "open_to": ["pull_request"]}],
	"exposures": [object.union({"address": "e", "secret": {"store": "context", "group": "prod"}, "platform_token": false, "at": "job_env", "job": "build"}, fields)],
}

test_open if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "e",
		"message": "job \"build\", which outsiders can start by pull_request, gets all of prod",
	}} with input as _doc({}, ["pull_request"])
}

test_closed if {
	count(rule.deny) == 0 with input as _doc({}, [])
	count(rule.deny) == 0 with input as _doc({"secret": {"name": "KEY", "store": "context", "group": "prod"}}, ["pull_request"])
	count(rule.deny) == 0 with input as _doc({"closed": true}, ["pull_request"])
	count(rule.deny) == 0 with input as _doc({"secret": {"name": "KEY"}}, ["pull_request"])
	count(rule.deny) == 0 with input as _doc({"closed": true}, ["pull_request"])
	count(rule.deny) == 0 with input as {}
}

test_step if {
	steps := {"steps": [{"job": "build", "index": 0, "open_to": []}, {"job": "build", "index": 1, "open_to": ["pull_request"]}]}
	count(rule.deny) == 0 with input as object.union(_doc({"step": 0}, ["pull_request"]), steps)
	count(rule.deny) == 1 with input as object.union(_doc({"step": 1}, ["pull_request"]), steps)
}
