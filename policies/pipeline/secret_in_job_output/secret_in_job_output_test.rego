package policyctl.pipeline.secret_in_job_output_test

import data.policyctl.pipeline.secret_in_job_output as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": false,
			"sink": "output",
			"transformed": [],
			"masked": "yes",
			"confidence": "exact",
			"job": "build",
		},
		fields,
	)],
}

test_output_of_a_job if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "job \"build\" makes secret KEY, changed by base64 and case, the output t",
	}} with input as _doc({"masked": "no", "transformed": ["base64", "case"], "variable": "t"})
}

test_dropped_or_of_a_step if {
	count(rule.deny) == 0 with input as _doc({"masked": "yes", "variable": "t"})
	count(rule.deny) == 0 with input as _doc({"masked": "no", "variable": "t", "step": 0})
	count(rule.deny) == 0 with input as {}
}

test_kept_in_clear_text if {
	count(rule.deny) == 1 with input as object.union(_doc({"variable": "t", "step": 0}), {"platform": "tekton"})
}
