package policyctl.graph.static_database_secret_beside_dynamic_test

import data.policyctl.graph.static_database_secret_beside_dynamic as rule

_contract(fields) := object.union(
	{"class": "db-password", "state": "active", "spec": {"lifetime": {"kind": "static"}, "environments": {"prod": {"store": "main"}}}},
	fields,
)

_input(contract, ttl, type) := {
	"contracts": {"db": contract},
	"environments": {"prod": {"tier": "prod", "role": "orders"}},
	"stores": {"main": {"type": type}},
	"ttls": [{"path": "reports", "kind": "lease"}, ttl],
}

_lease := {"path": "database/creds/orders", "kind": "lease"}

test_a_password_beside_a_role if {
	rule.deny == {{
		"path": ["contracts", "db", "spec", "environments", "prod"],
		"at": "key",
		"subject": "db",
		"message": "contract db is a static password in prod, where role database/creds/orders issues dynamic credentials",
		"related": [{"message": "role database/creds/orders", "path": ["ttls", 1]}],
	}} with input as _input(_contract({}), _lease, "vault")
}

test_silent if {
	count(rule.deny) == 0 with input as _input(_contract({}), _lease, "aws-secretsmanager")
	count(rule.deny) == 0 with input as _input(_contract({}), {"path": "orders", "kind": "token"}, "vault")
	count(rule.deny) == 0 with input as _input(_contract({}), {"path": "database/creds/orders-read", "kind": "lease"}, "vault")
	count(rule.deny) == 0 with input as object.remove(_input(_contract({}), _lease, "vault"), ["environments"])
	every fields in [{"class": "api-key"}, {"state": "retired"}, {"spec": {"lifetime": {"kind": "dynamic"}}}] {
		count(rule.deny) == 0 with input as _input(_contract(fields), _lease, "vault")
	}
}
