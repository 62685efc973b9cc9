package policyctl.contract.environments_share_object_test

import data.policyctl.contract.environments_share_object as rule

_contract(environments) := {"metadata": {"name": "db"}, "spec": {"environments": environments}}

_entry := {"store": "vault", "path": "kv/db", "key": "password"}

test_the_same_entry if {
	rule.deny == {
		{
			"path": ["spec", "environments", "staging", "path"],
			"subject": "db",
			"message": "contract db: environment staging has the same entry of the store as environment prod",
			"related": [{"path": ["spec", "environments", "prod", "path"], "message": "environment prod"}],
		},
		{
			"path": ["spec", "environments", "test", "path"],
			"subject": "db",
			"message": "contract db: environment test has the same entry of the store as environment prod",
			"related": [{"path": ["spec", "environments", "prod", "path"], "message": "environment prod"}],
		},
	} with input as _contract({"prod": _entry, "staging": _entry, "test": _entry})
}

test_other_entries if {
	every environments in [
		{"prod": _entry, "staging": object.union(_entry, {"store": "vault-staging"})},
		{"prod": _entry, "staging": object.union(_entry, {"path": "kv/staging/db"})},
		{"prod": _entry, "staging": object.union(_entry, {"key": "other"})},
		{"prod": {"store": "vault"}, "staging": {"store": "vault"}},
		{"prod": 5, "staging": 5},
	] {
		count(rule.deny) == 0 with input as _contract(environments)
	}
	count(rule.deny) == 0 with input as object.union(_contract({"prod": _entry, "staging": _entry}), {"spec": {"state": "retired"}})
}

test_a_store_that_nobody_names if {
	count(rule.deny) == 1 with input as _contract({"prod": {"path": "kv/db"}, "staging": {"path": "kv/db"}})
}
