package policyctl.graph.secret_outside_store_test

import data.policyctl.graph.secret_outside_store as rule

_contract(fields) := object.union({"state": "active", "class": "api-key", "uses": [0], "spec": {"environments": {"prod": {"tier": "prod"}}}}, fields)

_use(fields) := object.union({"name": "TOKEN", "slot": "github-secret:TOKEN", "confidence": "exact", "holds_value": true, "chain": [{"id": "a"}]}, fields)

_input(contract, uses) := {"stores": {"main": {"type": "vault"}}, "contracts": {"token": contract}, "uses": uses}

test_a_value_that_stands_in_a_slot_alone if {
	rule.deny == {{
		"path": ["contracts", "token", "spec", "environments"],
		"at": "key",
		"subject": "token",
		"message": "contract token names no entry of a store; the value of TOKEN stands in github-secret:TOKEN alone",
		"related": [{"message": "a use of it", "path": ["uses", 0]}],
	}} with input as _input(_contract({}), [_use({})])
}

test_contracts_with_a_home_or_without_a_secret if {
	every fields in [
		{"state": "retired"},
		{"state": "proposed"},
		{"class": "identifier"},
		{"objects": [0]},
		{"uses": []},
		{"spec": {"environments": {"dev": {"object": "vault:kv/token"}}}},
		{"spec": {"environments": {"dev": {"references": {"sops": ["a.enc.yaml#token"]}}}}},
		{"spec": {"references": {"sops": ["a.enc.yaml#token"]}}},
	] {
		count(rule.deny) == 0 with input as _input(_contract(fields), [_use({})])
	}
}

test_uses_that_say_nothing if {
	every use in [_use({"holds_value": false}), _use({"confidence": "wildcard"}), object.remove(_use({}), ["holds_value"])] {
		count(rule.deny) == 0 with input as _input(_contract({}), [use])
	}
	supplied := _use({"holds_value": false, "chain": [{"id": "slot"}, {"id": "object"}]})
	count(rule.deny) == 0 with input as _input(_contract({"uses": [0, 1]}), [_use({}), supplied])
}

test_a_catalogue_without_stores if {
	count(rule.deny) == 0 with input as object.union(_input(_contract({}), [_use({})]), {"stores": {"main": {}}}) with input.stores as {}
}
