package policyctl.contract.risk_missing_test

import data.policyctl.contract.risk_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

test_no_rating if {
	every spec in [{}, {"risk": {"impact": "Charges cards."}}] {
		rule.deny == {{
			"path": ["spec", "risk", "rating"],
			"subject": "db",
			"message": "contract db does not rate the risk of its secret",
		}} with input as _contract(spec)
	}
}

test_said_or_no_need_for_it if {
	every spec in [{"risk": {"rating": "low"}}, {"risk": "low"}, {"state": "retired"}, {"state": "proposed"}, {"class": "identifier"}] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
