package policyctl.contract.ttl_missing_test

import data.policyctl.contract.ttl_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

test_no_ttl if {
	every spec in [{"lifetime": {"kind": "dynamic"}}, {"lifetime": {"kind": "dynamic", "maxTtl": "1d", "maxTtl_s": 86400}}] {
		rule.deny == {{
			"path": ["spec", "lifetime", "ttl"],
			"subject": "db",
			"message": "contract db does not say how long its dynamic secret is valid",
		}} with input as _contract(spec)
	}
}

test_said_or_no_need_for_it if {
	every spec in [
		{"lifetime": {"kind": "short-lived", "ttl": "1h"}},
		{"lifetime": {"kind": "static"}},
		{"lifetime": {"kind": "dynamic"}, "state": "proposed"},
		{"lifetime": {"kind": "dynamic"}, "class": "identifier"},
		{},
	] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
