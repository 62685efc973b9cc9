package policyctl.pipeline.secret_to_tagged_component_test

import data.policyctl.pipeline.secret_to_tagged_component as rule

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
	every pin in ["version"] {
		rule.deny == {{
			"path": ["exposures", 0, "secret"],
			"subject": "jobs.build.steps.Publish.with.token",
			"message": "step \"Publish\" of job \"build\" gives secret TOKEN to a/b@x, whose tag can be moved",
		}} with input as _gift(pin, false, {})
	}
}

test_not_given_away if {
	every pin in ["branch", "none", "digest", "local", "unknown"] {
		count(rule.deny) == 0 with input as _gift(pin, false, {})
	}
	count(rule.deny) == 0 with input as _gift("version", true, {})
	count(rule.deny) == 0 with input as _gift("version", false, {"platform_token": true})
	count(rule.deny) == 0 with input as _gift("version", false, {"at": "condition"})
	count(rule.deny) == 0 with input as _gift("version", false, {"component": "another"})
	count(rule.deny) == 0 with input as {}
}

test_pin if {
	gift := _gift("version", false, {})
	pinned := object.union(gift.components[0], {"pinned": "a/b@0", "version": "x"})
	some found in rule.deny with input as object.union(gift, {"components": [pinned]})
	found.fix == {"op": "replace", "path": ["components", 0, "uses"], "value": "a/b@0", "comment": "x"}
}
