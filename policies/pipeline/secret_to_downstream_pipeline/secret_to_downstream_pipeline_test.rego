package policyctl.pipeline.secret_to_downstream_pipeline_test

import data.policyctl.pipeline.secret_to_downstream_pipeline as rule

_doc(platform, fields) := {
	"platform": platform,
	"exposures": [object.union(
		{"address": "jobs.deploy.variables.KEY", "secret": {"name": "KEY"}, "platform_token": false, "at": "forwarded", "job": "deploy", "variable": "KEY"},
		fields,
	)],
}

test_handed_on if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.deploy.variables.KEY",
		"message": "job \"deploy\" hands secret KEY to group/deploy as KEY",
	}} with input as _doc("gitlab", {"component": "group/deploy"})
	some finding in rule.deny with input as _doc("jenkins", {})
	endswith(finding.message, "to another pipeline as KEY")
}

test_started_by_a_script if {
	flow := {"address": "a", "sink": "downstream", "secret": {"name": "KEY"}, "platform_token": false, "confidence": "exact", "transformed": [], "job": "deploy"}
	rule.deny == {{"path": ["flows", 0], "subject": "a", "message": "job \"deploy\" hands secret KEY to another pipeline by gh workflow run"}} with input as {"flows": [object.union(flow, {"command": "gh workflow run"})]}
	count(rule.deny) == 0 with input as {"flows": [flow]}
}

test_not_handed_on if {
	count(rule.deny) == 0 with input as _doc("githubactions", {})
	count(rule.deny) == 0 with input as _doc("gitlab", {"at": "input"})
	count(rule.deny) == 0 with input as _doc("gitlab", {"secret": {"name": "AWS_REGION"}})
	count(rule.deny) == 0 with input as {}
}

test_started_by_a_component if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.deploy.variables.KEY",
		"message": "job \"deploy\" hands secret KEY to another pipeline by atlassian/trigger-pipeline:5.8.0",
	}} with input as _doc("bitbucket", {"at": "input", "variable": "PIPELINE_VARIABLES", "component": "atlassian/trigger-pipeline:5.8.0"})
}
