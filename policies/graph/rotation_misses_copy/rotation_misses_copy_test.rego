package policyctl.graph.rotation_misses_copy_test

import data.policyctl.graph.rotation_misses_copy as rule

_contract(fields) := object.union(
	{"state": "active", "uses": [0, 1], "spec": {"rotation": {"method": "store"}, "environments": {"prod": {"object": "aws:db", "copies": []}}}},
	fields,
)

_use(fields) := object.union(
	{"slot": "github-secret:prod/DB", "confidence": "exact", "holds_value": true, "claims": [{"contract": "db", "environment": "prod"}]},
	fields,
)

_found(contract, uses, supplies) := result if {
	result := rule.deny with input as {"contracts": {"db": contract}, "uses": uses, "supplies": supplies}
}

_with(copies) := _contract({"spec": {"environments": {"prod": {"copies": copies}}}})

test_a_declared_copy if {
	_found(_with(["github-secret:prod/DB"]), [_use({})], []) == {{
		"path": ["contracts", "db", "spec", "environments", "prod", "copies", 0],
		"subject": "github-secret:prod/DB",
		"message": "the store rotates contract db in prod, but nothing brings the new value to its copy github-secret:prod/DB",
		"related": [{"message": "what rotates it", "path": ["contracts", "db", "spec", "rotation", "method"]}],
	}}
}

test_a_slot_with_a_value_of_its_own if {
	_found(_contract({}), [_use({}), _use({"consumer": "b"})], []) == {{
		"path": ["uses", 0],
		"subject": "github-secret:prod/DB",
		"message": "the store rotates contract db in prod, but nothing brings the new value to github-secret:prod/DB",
		"related": [{"message": "what rotates it", "path": ["contracts", "db", "spec", "rotation", "method"]}],
	}}
	count(_found(_contract({}), [_use({"environment": "prod", "claims": [{"contract": "db"}]})], [])) == 1
}

test_what_infrastructure_code_rotates if {
	contract := _contract({"rotations": [0], "spec": {"rotation": {"method": "manual"}}})
	found := rule.deny with input as {"contracts": {"db": contract}, "uses": [_use({})], "rotations": [{"id": "r"}]}
	{f.related[0].path | some f in found} == {["rotations", 0]}
	job := object.union(contract, {"spec": {"rotation": {"method": "job"}}})
	silent := rule.deny with input as {"contracts": {"db": job}, "uses": [_use({})], "rotations": [{"id": "r"}]}
	count(silent) == 0
}

test_copies_that_are_supplied if {
	copies := ["k8s-secret:shop/db", "aws-secretsmanager:eu/db"]
	count(_found(_with(copies), [_use({"slot": "k8s-secret:shop/db#password"})], [{"slot": "shop/db#password"}])) == 0
}

test_contracts_that_a_store_does_not_rotate if {
	every contract in [
		_contract({"state": "retired"}),
		_contract({"spec": {"rotation": {"method": "job"}}}),
		{"state": "active", "spec": {"environments": {"prod": {"object": "aws:db"}}}},
		{"state": "active", "uses": [0, 1], "spec": {"rotation": {"method": "store"}, "environments": {"prod": {}}}},
	] {
		count(_found(contract, [_use({})], [])) == 0
	}
}

test_uses_that_hold_no_copy if {
	every use in [
		_use({"holds_value": false}),
		_use({"confidence": "wildcard"}),
		_use({"claims": []}),
		_use({"claims": [{"contract": "db"}]}),
		_use({"claims": [{"contract": "db", "environment": "prod", "via_store": true}]}),
	] {
		count(_found(_contract({}), [use], [])) == 0
	}
}
