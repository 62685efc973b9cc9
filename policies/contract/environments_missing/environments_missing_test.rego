package policyctl.contract.environments_missing_test

import data.policyctl.contract.environments_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

test_no_environments if {
	every spec in [{}, {"environments": {}}] {
		rule.deny == {{
			"path": ["spec", "environments"],
			"subject": "db",
			"message": "contract db does not say in which environments its secret exists",
		}} with input as _contract(spec)
	}
}

test_said_or_no_need_for_it if {
	every spec in [{"environments": {"prod": {}}}, {"environments": 5}, {"state": "retired"}, {"state": "proposed"}, {"class": "identifier"}] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
