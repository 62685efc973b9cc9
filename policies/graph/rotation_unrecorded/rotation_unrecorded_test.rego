package policyctl.graph.rotation_unrecorded_test

import data.policyctl.graph.rotation_unrecorded as rule

# 2026-11-22
_now := 1795305600000000000

# 2026-10-01
_contract(more) := object.union(
	{
		"class": "api-key",
		"first_ns": 1790812800000000000,
		"spec": {"lifetime": {"kind": "static"}, "rotation": {"interval": "30d", "interval_s": 2592000}},
	},
	more,
)

_found(contract) := result if {
	result := rule.deny with input as {"contracts": {"db": contract}} with data.run.now_ns as _now
}

test_no_rotation if {
	_found(_contract({})) == {{
		"path": ["contracts", "db", "status", "lastRotated"],
		"subject": "db",
		"message": "contract db stands here since 2026-10-01 without any rotation; one was due on 2026-10-31",
		"related": [{"message": "the interval", "path": ["contracts", "db", "spec", "rotation", "interval"]}],
	}}
}

test_a_rotation_that_only_git_shows if {
	found := _found(_contract({"rotated_ns": 1791676800000000000}))
	{f.message | some f in found} == {"no rotation of contract db is written down, and git shows none since 2026-10-11; one was due on 2026-11-10"}
}

test_the_interval_of_an_environment if {
	contract := _contract({"spec": {"rotation": {"interval_s": 7776000}, "environments": {"prod": {"rotation": {"interval": "7d", "interval_s": 604800}}}}})
	[path] := [found.related[0].path | some found in _found(contract)]
	path == ["contracts", "db", "spec", "environments", "prod", "rotation", "interval"]
}

test_recorded_not_due_or_nothing_known if {
	every contract in [
		_contract({"status": {"lastRotated_ns": 1}}),
		_contract({"rotated_ns": 1795219200000000000}),
		_contract({"first_ns": 1795219200000000000}),
		_contract({"class": "identifier"}),
		_contract({"state": "retired"}),
		_contract({"spec": {"lifetime": {"kind": "dynamic"}}}),
		json.remove(_contract({}), ["first_ns"]),
		json.remove(_contract({}), ["spec/rotation"]),
	] {
		count(_found(contract)) == 0
	}
}
