package policyctl.pipeline.cache_filled_by_outsider_test

import data.policyctl.pipeline.cache_filled_by_outsider as rule

_doc(event, source) := {
	"platform": "githubactions",
	"caches": [{"job": "a", "step": 1, "address": "jobs.a.steps.cache"}],
	"checkouts": [{"job": "a", "step": 0, "source": source}],
	"steps": [{"job": "a", "index": i, "kind": kind, "open_to": [event]} | some i, kind in ["component", "component", "shell"]],
}

test_filled if {
	rule.deny == {{
		"path": ["caches", 0],
		"subject": "jobs.a.steps.cache",
		"message": "step 2 of job \"a\" keeps a cache of the default branch, which the code of an outsider can fill",
		"related": [{"message": "the change of an outsider is checked out here", "path": ["checkouts", 0]}],
	}} with input as _doc("pull_request_privileged", "change")
}

test_not_filled if {
	count(rule.deny) == 0 with input as _doc("pull_request", "change")
	count(rule.deny) == 0 with input as _doc("comment", "default")
	count(rule.deny) == 0 with input as object.union(_doc("comment", "change"), {"steps": []})
}
