package policyctl.pipeline.env_file_injection_test

import data.policyctl.pipeline.env_file_injection as rule

_doc(kind) := {
	"injected": [{"kind": kind, "variable": "github.event.issue.body", "command": "$GITHUB_ENV", "job": "a", "step": 0}],
	"steps": [{"job": "a", "index": 0, "address": "jobs.a.steps.run"}],
}

test_injected if {
	rule.deny == {{
		"path": ["injected", 0],
		"subject": "jobs.a.steps.run",
		"message": "step 1 of job \"a\" writes github.event.issue.body, which an outsider writes, to $GITHUB_ENV, which sets variables",
	}} with input as _doc("variables")
}

test_not_injected if {
	every kind in ["outsider", "artifact", "download"] {
		count(rule.deny) == 0 with input as _doc(kind)
	}
}
