package policyctl.contract.drill_interval_missing_test

import data.policyctl.contract.drill_interval_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

test_no_interval if {
	every spec in [{"risk": {"rating": "critical"}}, {"risk": {"rating": "critical"}, "drill": {}}] {
		rule.deny == {{
			"path": ["spec", "drill", "interval"],
			"subject": "db",
			"message": "contract db does not say how often its revocation is practised, although the risk is critical",
		}} with input as _contract(spec)
	}
}

test_said_or_no_need_for_it if {
	every spec in [
		{"risk": {"rating": "critical"}, "drill": {"interval": "90d", "interval_s": 7776000}},
		{"risk": {"rating": "critical"}, "state": "proposed"},
		{"risk": {"rating": "critical"}, "class": "identifier"},
		{"risk": {"rating": "high"}},
		{},
	] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
