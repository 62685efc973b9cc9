package policyctl.contract.consumers_missing_test

import data.policyctl.contract.consumers_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec}

test_no_consumers if {
	every spec in [{}, {"consumers": []}] {
		rule.deny == {{
			"path": ["spec", "consumers"],
			"subject": "db",
			"message": "contract db lists nobody who may use the secret",
		}} with input as _contract(spec)
	}
}

test_consumers_or_no_need_for_them if {
	every spec in [{"consumers": [{"workload": "app:x"}]}, {"consumers": "x"}, {"state": "proposed"}, {"state": "retired"}, {"class": "identifier"}] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
