package policyctl.pipeline.secret_to_downstream_pipeline_test

import data.policyctl.pipeline.secret_to_downstream_pipeline as rule

_doc(fields) := {
	"components": [
		{"ref": "group/deploy", "kind": "reusable", "job": "deploy"},
		{"ref": "a/b@v1", "kind": "action", "job": "deploy"},
	],
	"exposures": [object.union(
		{"address": "jobs.deploy.variables.KEY", "secret": {"name": "KEY"}, "platform_token": false, "at": "input", "job": "deploy", "variable": "KEY", "component": "group/deploy"},
		fields,
	)],
}

test_handed_on if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.deploy.variables.KEY",
		"message": "job \"deploy\" hands secret KEY to group/deploy as parameter KEY",
	}} with input as _doc({})
}

test_not_handed_on if {
	count(rule.deny) == 0 with input as _doc({"at": "forwarded"})
	count(rule.deny) == 0 with input as _doc({"step": 0})
	count(rule.deny) == 0 with input as _doc({"component": "a/b@v1"})
	count(rule.deny) == 0 with input as _doc({"secret": {"name": "AWS_REGION"}})
	count(rule.deny) == 0 with input as {}
}
