package policyctl.graph.runbook_outdated_test

import data.policyctl.graph.runbook_outdated as rule

# 2026-11-22
_now := 1795305600000000000

_day := 86400000000000

_found(runbook, contract) := result if {
	result := rule.deny with input as {"contracts": {"db": contract}, "runbooks": {"docs/db.md": runbook}} with data.run.now_ns as _now
}

_contract(status) := {"spec": {"runbook": "docs/db.md"}, "status": status}

test_a_year_ago if {
	_found({"changed_ns": _now - (366 * _day)}, _contract({"lastReviewed_ns": _now - (400 * _day)})) == {{
		"path": ["contracts", "db", "spec", "runbook"],
		"subject": "db",
		"message": "nobody has looked at the runbook docs/db.md of contract db since 2025-11-21",
	}}
}

test_seen_since_or_nothing_known if {
	old := {"changed_ns": _now - (800 * _day)}
	count(_found({"changed_ns": _now - (365 * _day)}, _contract({}))) == 0
	count(_found(old, _contract({"lastReviewed_ns": _now - _day}))) == 0
	count(_found(old, _contract({"lastDrilled_ns": _now - _day}))) == 0
	count(_found(old, object.union(_contract({}), {"state": "retired"}))) == 0
	count(_found({"found": true}, _contract({}))) == 0
}
