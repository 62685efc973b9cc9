package policyctl.contract.review_overdue_test

import data.policyctl.contract.review_overdue as rule

# 2026-11-22
_now := 1795305600000000000

_contract(state, seconds) := {
	"metadata": {"name": "db"},
	"spec": {"state": state, "review": {"interval": "x", "interval_s": seconds}},
	"status": {"lastReviewed": "2026-08-01", "lastReviewed_ns": 1785628799000000000},
}

test_overdue if {
	rule.deny == {{
		"path": ["status", "lastReviewed"],
		"subject": "db",
		"message": "contract db was last reviewed on 2026-08-01 and was due on 2026-10-30",
		"related": [{"path": ["spec", "review", "interval"], "message": "the interval"}],
	}} with input as _contract("active", 7776000) with data.run.now_ns as _now
}

test_not_overdue if {
	count(rule.deny) == 0 with input as _contract("active", 15552000) with data.run.now_ns as _now
	count(rule.deny) == 0 with input as _contract("retired", 7776000) with data.run.now_ns as _now
	count(rule.deny) == 0 with input as _contract("active", "x") with data.run.now_ns as _now
	count(rule.deny) == 0 with input as {"spec": {"review": {"interval_s": 1}}} with data.run.now_ns as _now
}
