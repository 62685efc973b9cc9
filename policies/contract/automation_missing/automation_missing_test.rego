package policyctl.contract.automation_missing_test

import data.policyctl.contract.automation_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

test_rotation if {
	rule.deny == {{
		"path": ["spec", "rotation", "automation"],
		"subject": "db",
		"message": "contract db rotates its secret by job but names no automation",
	}} with input as _contract({"rotation": {"method": "job"}})
	count(rule.deny) == 1 with input as _contract({"rotation": {"method": "provider"}, "lifetime": {"kind": "static"}})
}

test_rotation_of_an_environment if {
	rule.deny == {{
		"path": ["spec", "environments", "prod", "rotation", "automation"],
		"subject": "db",
		"message": "contract db rotates its secret of environment prod by store but names no automation",
	}} with input as _contract({"rotation": {"method": "manual"}, "environments": {"prod": {"rotation": {"method": "store"}}}})
}

test_renewal if {
	rule.deny == {{
		"path": ["spec", "renewal", "automation"],
		"subject": "db",
		"message": "contract db renews its secret by reissue but names no automation",
	}} with input as _contract({"renewal": {"method": "reissue"}})
}

_job := "github:.github/workflows/rotate.yml#rotate"

test_named_or_by_hand if {
	every spec in [
		{"rotation": {"method": "job", "automation": _job}, "renewal": {"method": "reissue", "automation": _job}},
		{"rotation": {"method": "manual"}, "renewal": {"method": "manual"}},
		{"rotation": {"method": "provider"}, "renewal": {"method": "auto"}, "lifetime": {"kind": "dynamic"}},
		{"rotation": {"method": "job"}, "environments": {"prod": {"rotation": {"automation": _job}}}},
		{"environments": {"prod": {"rotation": {"method": "job", "automation": _job}}}},
		{"rotation": {"automation": _job}, "environments": {"prod": {"rotation": {"method": "job"}}}},
		{"rotation": {"method": "job"}, "renewal": {"method": "reissue"}, "state": "proposed"},
		{"rotation": {"method": "job"}, "renewal": {"method": "reissue"}, "class": "identifier"},
		{},
	] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
