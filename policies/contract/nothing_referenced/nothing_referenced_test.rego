package policyctl.contract.nothing_referenced_test

import data.policyctl.contract.nothing_referenced as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

test_nothing if {
	every spec in [{}, {"references": {}, "environments": {"prod": {"store": "vault"}}, "consumers": [{"workload": "app:x"}]}] {
		rule.deny == {{
			"path": ["spec", "references"],
			"subject": "db",
			"message": "contract db names no reference, no entry of a store and no identity",
		}} with input as _contract(spec)
	}
}

test_said_or_no_need_for_it if {
	every spec in [
		{"references": {"github": ["TOKEN"]}},
		{"environments": {"dev": {}, "prod": {"path": "kv/db"}}},
		{"environments": {"prod": {"references": {"github": ["TOKEN"]}}}},
		{"consumers": [{"workload": "app:x", "identity": "vault-role:kubernetes/x"}]},
		{"references": ["TOKEN"]},
		{"state": "retired"}, {"state": "proposed"}, {"class": "identifier"},
	] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
