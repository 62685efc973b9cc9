package policyctl.pipeline.hidden_files_in_artifact_test

import data.policyctl.pipeline.hidden_files_in_artifact as rule

_doc(hidden, path, credential) := {
	"platform": "githubactions",
	"artifacts": [{"job": "a", "step": 1, "hidden": hidden, "paths": [path], "address": "jobs.a.steps.upload"}],
	"checkouts": [{"job": "a", "step": 0, "credential": credential}],
	"steps": [{"job": "a", "index": 1}],
}

test_uploaded if {
	rule.deny == {{
		"path": ["artifacts", 0],
		"subject": "jobs.a.steps.upload",
		"message": "step 2 of job \"a\" uploads . with all hidden files",
	}} with input as _doc("yes", ".", "removed")
}

test_not_uploaded if {
	count(rule.deny) == 0 with input as _doc("no", ".", "removed")
	count(rule.deny) == 0 with input as _doc("yes", "dist", "removed")
	count(rule.deny) == 0 with input as _doc("yes", ".", "work_tree")
}
