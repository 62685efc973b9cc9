package policyctl.pipeline.persisted_credential_in_artifact_test

import data.policyctl.pipeline.persisted_credential_in_artifact as rule

_doc(credential, hidden, path, step) := {
	"steps": [
		{"job": "build", "index": 0, "kind": "component", "component": "actions/checkout@v4"},
		{"job": "build", "index": step, "kind": "component", "component": "actions/upload-artifact@v4"},
	],
	"checkouts": [{"address": "x", "job": "build", "step": 0, "source": "default", "credential": credential}],
	"artifacts": [{"address": "jobs.build.steps.upload", "job": "build", "step": step, "paths": ["dist", path], "hidden": hidden}],
}

test_the_whole_work_tree if {
	every path in [".", "./", "**", ".git", "${{ github.workspace }}"] {
		rule.deny == {{
			"path": ["artifacts", 0],
			"subject": "jobs.build.steps.upload",
			"message": "step \"actions/upload-artifact\" of job \"build\" uploads the work tree with the token that the checkout left in .git/config",
			"related": [{"message": "the token is left here", "path": ["checkouts", 0]}],
		}} with input as _doc("work_tree", "yes", path, 1)
	}
}

test_no_token_in_it if {
	count(rule.deny) == 0 with input as _doc("removed", "yes", ".", 1)
	count(rule.deny) == 0 with input as _doc("beside", "yes", ".", 1)
	count(rule.deny) == 0 with input as _doc("unknown", "yes", ".", 1)
	count(rule.deny) == 0 with input as _doc("work_tree", "no", ".", 1)
	count(rule.deny) == 0 with input as _doc("work_tree", "unknown", ".", 1)
	count(rule.deny) == 0 with input as _doc("work_tree", "yes", "out", 1)
	count(rule.deny) == 0 with input as _doc("work_tree", "yes", ".", -1)
	count(rule.deny) == 0 with input as {}
}
