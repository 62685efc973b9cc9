package policyctl.pipeline.artifact_of_outsider_run_test

import data.policyctl.pipeline.artifact_of_outsider_run as rule

_doc(kind) := {
	"injected": [{"kind": kind, "variable": "the artifact of another run", "command": "npm ci", "job": "a", "step": 1}],
	"steps": [{"job": "a", "index": 0}, {"job": "a", "index": 1, "address": "jobs.a.steps.run"}],
}

test_runs if {
	rule.deny == {{
		"path": ["injected", 0],
		"subject": "jobs.a.steps.run",
		"message": "step 2 of job \"a\" runs npm ci out of or beside an artifact that an outsider's run made",
	}} with input as _doc("artifact")
}

test_does_not_run if count(rule.deny) == 0 with input as _doc("outsider")
