package policyctl.graph.object_shared_across_tiers_test

import data.policyctl.graph.object_shared_across_tiers as rule

_contract(environments) := {"state": "active", "spec": {"environments": environments}}

_prod := {"tier": "prod", "object": "vault:kv/db"}

_staging := {"tier": "nonprod", "object": "vault:kv/db"}

test_two_contracts_with_one_entry if {
	rule.deny == {{
		"path": ["contracts", "db-test", "spec", "environments", "staging", "path"],
		"subject": "vault:kv/db",
		"message": "vault:kv/db serves staging by contract db-test and prod by contract db",
		"related": [{"message": "prod by contract db", "path": ["contracts", "db", "spec", "environments", "prod", "path"]}],
	}} with input as {"contracts": {"db": _contract({"prod": _prod}), "db-test": _contract({"staging": _staging})}}
}

test_entries_that_nobody_shares if {
	every contracts in [
		{"db": _contract({"prod": _prod, "staging": _staging})}, # a rule about contracts
		{"db": _contract({"prod": _prod}), "db-test": _contract({"staging": {"tier": "nonprod", "object": "vault:kv/test"}})},
		{"db": _contract({"prod": _prod}), "db-2": _contract({"prod": _prod})},
		{"db": _contract({"prod": _prod}), "db-test": _contract({"staging": {"object": "vault:kv/db"}})},
		{"db": _contract({"prod": _prod}), "db-test": object.union(_contract({"staging": _staging}), {"state": "retired"})},
	] {
		count(rule.deny) == 0 with input as {"contracts": contracts}
	}
}

_claims := [{"contract": "token", "environment": "prod", "tier": "prod"}, {"contract": "token", "environment": "staging", "tier": "nonprod"}]

_use(fields) := object.union({"slot": "github-secret:TOKEN", "name": "TOKEN", "confidence": "exact", "holds_value": true, "claims": _claims}, fields)

test_one_slot_of_two_environments_is_found_once if {
	found := {{
		"path": ["contracts", "token", "spec", "environments", "staging", "references"],
		"subject": "github-secret:TOKEN",
		"message": "TOKEN serves staging by contract token and prod by contract token",
		"related": [{"message": "prod by contract token", "path": ["contracts", "token", "spec", "environments", "prod", "references"]}],
	}}
	rule.deny == found with input as {"uses": [_use({"consumer": "a"}), _use({"consumer": "b"})]}
	rule.deny == found with input as {"objects": [_use({})]}
}

test_slots_that_nobody_shares if {
	every use in [
		_use({"confidence": "wildcard"}),
		_use({"holds_value": false}),
		_use({"claims": [_claims[0], {"contract": "token"}]}),
		_use({"claims": [object.union(_claims[0], {"via_store": true}), _claims[1]]}),
		_use({"claims": [_claims[0], object.union(_claims[1], {"via_store": true})]}),
		_use({"claims": [_claims[0], object.union(_claims[1], {"state": "retired"})]}),
	] {
		count(rule.deny) == 0 with input as {"uses": [use]}
	}
	contract := _contract({"prod": _prod, "staging": _staging})
	count(rule.deny) == 0 with input as {"objects": [_use({})], "contracts": {"token": contract}}
}
