package policyctl.contract.lifetime_missing_test

import data.policyctl.contract.lifetime_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

test_no_lifetime if {
	every spec in [{}, {"lifetime": {"ttl": "1h", "ttl_s": 3600}}, {"state": "proposed"}] {
		rule.deny == {{
			"path": ["spec", "lifetime", "kind"],
			"subject": "db",
			"message": "contract db does not say how long its secret lives",
		}} with input as _contract(spec)
	}
}

test_said_or_no_need_for_it if {
	every spec in [{"lifetime": {"kind": "static"}}, {"lifetime": "static"}, {"state": "retired"}, {"class": "identifier"}] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}

test_an_unknown_class if count(rule.deny) == 0 with input as {"spec": {"class": "apikey"}}
