package policyctl.contract.review_interval_missing_test

import data.policyctl.contract.review_interval_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

test_no_interval if {
	every spec in [{}, {"review": {}}] {
		rule.deny == {{
			"path": ["spec", "review", "interval"],
			"subject": "db",
			"message": "contract db does not say how often it is reviewed",
		}} with input as _contract(spec)
	}
}

test_said_or_no_need_for_it if {
	every spec in [{"review": {"interval": "180d", "interval_s": 15552000}}, {"review": "180d"}, {"state": "retired"}, {"state": "proposed"}, {"class": "identifier"}] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
