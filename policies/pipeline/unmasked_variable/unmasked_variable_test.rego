package policyctl.pipeline.unmasked_variable_test

import data.policyctl.pipeline.unmasked_variable as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": false,
			"sink": "env_file",
			"transformed": [],
			"masked": "yes",
			"confidence": "exact",
			"job": "build",
			"step": 0,
		},
		fields,
	)],
}

test_not_hidden if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "step \"Deploy\" of job \"build\" sets PW to secret KEY, changed by json, without hiding it",
	}} with input as _doc({"masked": "no", "transformed": ["json"], "variable": "PW"})
}

test_hidden if {
	count(rule.deny) == 0 with input as _doc({"variable": "PW"})
	count(rule.deny) == 0 with input as {}
}

test_output_of_a_step if {
	count(rule.deny) == 1 with input as _doc({"masked": "no", "sink": "output", "variable": "pw"})
	count(rule.deny) == 0 with input as object.union(_doc({"masked": "no", "sink": "output", "variable": "pw"}), {"platform": "tekton"})
}

test_login_of_circleci if {
	doc := _doc({"masked": "no", "variable": "AWS_SECRET_ACCESS_KEY", "secret": {"name": "credentials of aws sts", "store": "issued"}})
	count(rule.deny) == 1 with input as doc
	count(rule.deny) == 0 with input as object.union(doc, {"platform": "circleci"})
}
