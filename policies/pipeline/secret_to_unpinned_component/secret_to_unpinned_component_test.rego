package policyctl.pipeline.secret_to_unpinned_component_test

import data.policyctl.pipeline.secret_to_unpinned_component as rule

_gift(pin, first_party, exposure) := {
	"steps": [{"job": "build", "index": 0, "name": "Publish", "kind": "component", "component": "a/b@x"}],
	"components": [{"ref": "a/b@x", "kind": "action", "owner": "a", "name": "b", "first_party": first_party, "pin": pin, "job": "build", "step": 0}],
	"exposures": [object.union(
		{
			"address": "jobs.build.steps.Publish.with.token",
			"secret": {"name": "TOKEN"},
			"platform_token": false,
			"at": "input",
			"job": "build",
			"step": 0,
			"variable": "token",
			"component": "a/b@x",
			"transformed": [],
		},
		exposure,
	)],
}

test_given_away if {
	every pin in ["branch", "none"] {
		rule.deny == {{
			"path": ["exposures", 0, "secret"],
			"subject": "jobs.build.steps.Publish.with.token",
			"message": "step \"Publish\" of job \"build\" gives secret TOKEN to a/b@x, which can change at any time",
		}} with input as _gift(pin, false, {})
	}
}

test_not_given_away if {
	every pin in ["version", "digest", "local", "unknown"] {
		count(rule.deny) == 0 with input as _gift(pin, false, {})
	}
	count(rule.deny) == 0 with input as _gift("branch", true, {})
	count(rule.deny) == 0 with input as _gift("branch", false, {"platform_token": true})
	count(rule.deny) == 0 with input as _gift("branch", false, {"at": "condition"})
	count(rule.deny) == 0 with input as _gift("branch", false, {"component": "another"})
	count(rule.deny) == 0 with input as {}
}
