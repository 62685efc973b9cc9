package policyctl.contract.environments_share_path_test

import data.policyctl.contract.environments_share_path as rule

_contract(environments) := {"metadata": {"name": "db"}, "spec": {"environments": environments}}

_entry := {"store": "vault", "path": "kv/db", "key": "prod"}

test_another_key if {
	rule.deny == {{
		"path": ["spec", "environments", "staging", "path"],
		"subject": "db",
		"message": "contract db: environment staging has another key of the same entry as environment prod",
		"related": [{"path": ["spec", "environments", "prod", "path"], "message": "environment prod"}],
	}} with input as _contract({"prod": _entry, "staging": object.union(_entry, {"key": "staging"})})
}

test_another_entry_or_the_same_key if {
	every environments in [
		{"prod": _entry, "staging": _entry},
		{"prod": _entry, "staging": {"store": "vault", "path": "kv/staging", "key": "prod"}},
		{"prod": _entry, "staging": {"store": "other", "path": "kv/db", "key": "staging"}},
		{"prod": _entry, "staging": {"store": "vault"}},
	] {
		count(rule.deny) == 0 with input as _contract(environments)
	}
	count(rule.deny) == 0 with input as object.union(_contract({"prod": _entry, "staging": {"store": "vault", "path": "kv/db", "key": "s"}}), {"spec": {"state": "retired"}})
}
