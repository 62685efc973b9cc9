package policyctl.contract.rotation_interval_missing_test

import data.policyctl.contract.rotation_interval_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": object.union({"lifetime": {"kind": "static"}}, spec), "class": {"name": "api-key"}}

test_no_interval if {
	every spec in [
		{}, {"class": "api-key", "rotation": {"method": "job"}},
		{"environments": {"a": {"rotation": {"interval": "1d", "interval_s": 86400}}, "b": {}}},
	] {
		rule.deny == {{
			"path": ["spec", "rotation", "interval"],
			"subject": "db",
			"message": "contract db has no rotation interval for its static secret",
		}} with input as _contract(spec)
	}
}

test_an_interval_or_no_need_for_one if {
	every spec in [
		{"rotation": {"interval": "30d", "interval_s": 2592000}},
		{"environments": {"a": {"rotation": {"interval": "1d", "interval_s": 86400}}}},
		{"rotation": {"interval": 30}},
		{"lifetime": {"kind": "dynamic"}},
		{"class": "identifier"},
		{"state": "proposed"},
		{"state": "retired"},
	] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
	count(rule.deny) == 0 with input as {"metadata": {"name": "db"}, "spec": {"lifetime": {"kind": "static"}}}
}
