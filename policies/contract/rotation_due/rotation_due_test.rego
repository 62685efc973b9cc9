package policyctl.contract.rotation_due_test

import data.policyctl.contract.rotation_due as rule

# 2026-11-22
_now := 1795305600000000000

# Rotated on 2026-10-01.
_contract(days) := {
	"metadata": {"name": "db"},
	"spec": {"lifetime": {"kind": "static"}, "rotation": {"interval": "x", "interval_s": days * 86400}},
	"status": {"lastRotated": "2026-10-01", "lastRotated_ns": 1790899199000000000},
}

test_due_within_two_weeks if {
	rule.deny == {{
		"path": ["status", "lastRotated"],
		"subject": "db",
		"message": "contract db: the secret is to be rotated by 2026-11-30",
		"related": [{"path": ["spec", "rotation", "interval"], "message": "the interval"}],
	}} with input as _contract(60) with data.run.now_ns as _now
}

test_overdue_later_or_not_at_all if {
	every document in [
		_contract(30),
		_contract(66),
		object.union(_contract(60), {"spec": {"state": "retired"}}),
		object.union(_contract(60), {"spec": {"lifetime": {"kind": "dynamic"}}}),
		json.remove(_contract(60), ["status"]),
	] {
		count(rule.deny) == 0 with input as document with data.run.now_ns as _now
	}
}
