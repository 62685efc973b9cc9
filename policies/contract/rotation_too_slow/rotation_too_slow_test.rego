package policyctl.contract.rotation_too_slow_test

import data.policyctl.contract.rotation_too_slow as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

test_more_than_a_year if {
	rule.deny == {
		{
			"path": ["spec", "rotation", "interval"],
			"subject": "db",
			"message": "contract db rotates its secret every 366d, less often than every 365 days",
		},
		{
			"path": ["spec", "environments", "prod", "rotation", "interval"],
			"subject": "db",
			"message": "contract db rotates its secret every 2y, less often than every 365 days",
		},
	} with input as _contract({
		"rotation": {"interval": "366d", "interval_s": 31622400},
		"environments": {"prod": {"rotation": {"interval": "2y", "interval_s": 63072000}}, "dev": {"rotation": {"interval_s": 86400}}},
	})
}

test_keys_have_two_years if {
	count(rule.deny) == 0 with input as _contract({"class": "signing-key", "rotation": {"interval": "2y", "interval_s": 63072000}})
	count(rule.deny) == 1 with input as _contract({"class": "signing-key", "rotation": {"interval": "2y1s", "interval_s": 63072001}})
}

test_a_year_or_nothing_to_say if {
	count(rule.deny) == 0 with input as _contract({"rotation": {"interval_s": 31536000}})
	count(rule.deny) == 0 with input as _contract({"state": "retired", "rotation": {"interval": "2y", "interval_s": 63072000}})
	count(rule.deny) == 0 with input as _contract({"rotation": "5y"})
	count(rule.deny) == 0 with input as _contract({"rotation": {"interval_s": "x"}})
}

test_a_class_with_limits if {
	document := _contract({"rotation": {"interval": "2y", "interval_s": 63072000}})
	count(rule.deny) == 0 with input as object.union(document, {"class": {"builtin": true}})
	count(rule.deny) == 0 with input as object.remove(document, ["class"])
}
