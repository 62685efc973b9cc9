package policyctl.contract.delivery_missing_test

import data.policyctl.contract.delivery_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

test_no_delivery if {
	every spec in [{}, {"delivery": []}] {
		rule.deny == {{
			"path": ["spec", "delivery"],
			"subject": "db",
			"message": "contract db does not say how consumers get its secret",
		}} with input as _contract(spec)
	}
}

test_said_or_no_need_for_it if {
	every spec in [{"delivery": ["file"]}, {"delivery": 5}, {"state": "retired"}, {"state": "proposed"}, {"class": "identifier"}] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
