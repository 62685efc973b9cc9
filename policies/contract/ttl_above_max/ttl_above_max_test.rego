package policyctl.contract.ttl_above_max_test

import data.policyctl.contract.ttl_above_max as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

_lifetime(kind, seconds) := {"lifetime": {"kind": kind, "ttl": "2h", "ttl_s": 7200, "maxTtl": "1h", "maxTtl_s": seconds}}

test_longer if {
	rule.deny == {{
		"path": ["spec", "lifetime", "ttl"],
		"subject": "db",
		"message": "contract db: the ttl 2h is longer than the maxTtl 1h",
		"related": [{"path": ["spec", "lifetime", "maxTtl"], "message": "the maximum"}],
	}} with input as _contract(_lifetime("dynamic", 3600))
}

test_not_longer_or_not_known if {
	every spec in [
		_lifetime("dynamic", 7200),
		_lifetime("dynamic", "x"),
		_lifetime("static", 3600),
		object.union(_lifetime("dynamic", 3600), {"state": "retired"}),
		{"lifetime": {"kind": "dynamic", "ttl_s": 7200}},
	] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
