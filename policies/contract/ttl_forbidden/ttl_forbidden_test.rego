package policyctl.contract.ttl_forbidden_test

import data.policyctl.contract.ttl_forbidden as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

test_a_ttl if {
	rule.deny == {
		{"path": ["spec", "lifetime", "ttl"], "subject": "db", "message": "contract db has a ttl for its static secret"},
		{"path": ["spec", "lifetime", "maxTtl"], "subject": "db", "message": "contract db has a maxTtl for its static secret"},
	} with input as _contract({"lifetime": {"kind": "static", "ttl": "1h", "maxTtl": "1d"}})
}

test_said_or_no_need_for_it if {
	every spec in [{"lifetime": {"kind": "static"}}, {"lifetime": {"kind": "dynamic", "ttl": "1h"}}, {"lifetime": {"ttl": "1h"}}, {"lifetime": {"kind": "static", "ttl": "1h"}, "state": "retired"}] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
