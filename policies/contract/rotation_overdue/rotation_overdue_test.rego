package policyctl.contract.rotation_overdue_test

import data.policyctl.contract.rotation_overdue as rule

# 2026-11-22
_now := 1795305600000000000

# 2026-10-01, valid through its last second
_status := {"lastRotated": "2026-10-01", "lastRotated_ns": 1790899199000000000}

_contract(spec) := {"metadata": {"name": "db"}, "spec": object.union({"lifetime": {"kind": "static"}}, spec), "status": _status}

test_older_than_the_interval if {
	rule.deny == {{
		"path": ["status", "lastRotated"],
		"subject": "db",
		"message": "contract db: the secret was last rotated on 2026-10-01 and was due on 2026-10-31",
		"related": [{"path": ["spec", "rotation", "interval"], "message": "the interval"}],
	}} with input as _contract({"rotation": {"interval": "30d", "interval_s": 2592000}}) with data.run.now_ns as _now
}

test_the_shortest_interval_of_all_environments if {
	spec := {
		"rotation": {"interval": "90d", "interval_s": 7776000},
		"environments": {
			"dev": {},
			"prod": {"rotation": {"interval": "30d", "interval_s": 2592000}},
			"staging": {"rotation": {"interval": "60d", "interval_s": 5184000}},
		},
	}
	{found.related[0].path | some found in rule.deny} == {["spec", "environments", "prod", "rotation", "interval"]} with input as _contract(spec)
		with data.run.now_ns as _now
}

test_an_interval_that_no_environment_has if {
	spec := {
		"rotation": {"interval": "30d", "interval_s": 2592000},
		"environments": {"prod": {"rotation": {"interval": "90d", "interval_s": 7776000}}},
	}
	count(rule.deny) == 0 with input as _contract(spec) with data.run.now_ns as _now
}

test_not_overdue if {
	every spec in [
		{"rotation": {"interval": "60d", "interval_s": 5184000}},
		{"state": "retired", "rotation": {"interval_s": 2592000}},
		{"lifetime": {"kind": "dynamic"}, "rotation": {"interval_s": 2592000}},
		{},
	] {
		count(rule.deny) == 0 with input as _contract(spec) with data.run.now_ns as _now
	}
}

test_no_date if {
	count(rule.deny) == 0 with input as object.remove(_contract({"rotation": {"interval_s": 1}}), ["status"]) with data.run.now_ns as _now
	count(rule.deny) == 0 with input as {"spec": {"lifetime": {"kind": "static"}, "rotation": {"interval_s": 1}}, "status": 5} with data.run.now_ns as _now
}
