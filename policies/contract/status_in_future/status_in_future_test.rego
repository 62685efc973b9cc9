package policyctl.contract.status_in_future_test

import data.policyctl.contract.status_in_future as rule

# 2026-11-22
_now := 1795305600000000000

_contract(status) := {"metadata": {"name": "db"}, "spec": {}, "status": status}

test_in_the_future if {
	every field in ["lastRotated", "lastReviewed", "lastDrilled"] {
		rule.deny == {{
			"path": ["status", field],
			"subject": "db",
			"message": $"contract db: {field} is 2026-11-23, which is in the future",
		}} with input as _contract({field: "2026-11-23", $"{field}_ns": 1795478399000000000}) with data.run.now_ns as _now
	}
}

test_today_or_before if {
	every ns in [1795391999000000000, 1785628799000000000, "x"] {
		count(rule.deny) == 0 with input as _contract({"lastRotated_ns": ns}) with data.run.now_ns as _now
	}
	count(rule.deny) == 0 with input as _contract(5) with data.run.now_ns as _now
}
