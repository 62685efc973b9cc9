package policyctl.pipeline.unpinned_include_test

import data.policyctl.pipeline.unpinned_include as rule

_doc(platform, component) := {"platform": platform, "components": [object.union(
	{"kind": "reusable", "pin": "branch", "first_party": false, "ref": "shop/ci@main", "address": "include"},
	component,
)]}

test_included if {
	rule.deny == {{
		"path": ["components", 0, "ref"],
		"subject": "include",
		"message": "the whole pipeline includes shop/ci@main, which can change at any time",
	}} with input as _doc("gitlab", {})
	count(rule.deny) == 1 with input as _doc("azure", {"job": "a"})
	count(rule.deny) == 1 with input as _doc("tekton", {"job": "a"})
	count(rule.deny) == 1 with input as _doc("jenkins", {"kind": "shared_library", "pin": "none"})
	count(rule.deny) == 1 with input as _doc("circleci", {"kind": "orb", "job": "a", "step": 0})
}

test_not_included if {
	every component in [{"pin": "version"}, {"pin": "unknown"}, {"first_party": true}, {"job": "a"}, {"ref": "https://a/b"}, {"kind": "image"}] {
		count(rule.deny) == 0 with input as _doc("gitlab", component)
	}
	count(rule.deny) == 0 with input as _doc("githubactions", {})
}

test_plugins if {
	count(rule.deny) == 1 with input as _doc("buildkite", {"kind": "plugin", "job": "a", "step": 0})
	count(rule.deny) == 0 with input as _doc("buildkite", {"kind": "plugin", "job": "a", "step": 0, "first_party": true})
}
