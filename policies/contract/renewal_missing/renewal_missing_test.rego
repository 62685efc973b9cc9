package policyctl.contract.renewal_missing_test

import data.policyctl.contract.renewal_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

test_no_renewal if {
	every spec in [{}, {"renewal": {"before": "5d", "before_s": 432000}}] {
		rule.deny == {{
			"path": ["spec", "renewal", "method"],
			"subject": "db",
			"message": "contract db does not say how its secret is renewed",
		}} with input as _contract(spec)
	}
}

test_said_or_no_need_for_it if {
	every spec in [{"renewal": {"method": "manual"}}, {"renewal": "manual"}, {"state": "retired"}, {"state": "proposed"}, {"class": "identifier"}] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
