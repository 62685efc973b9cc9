package policyctl.graph.claimed_twice_test

import data.policyctl.graph.claimed_twice as rule

_contract(file, line, spec) := {"file": file, "line": line, "state": "active", "spec": spec}

_found(specs) := result if {
	contracts := {name: _contract("a.yaml", 10 - count(name), spec) | some name, spec in specs}
	result := rule.deny with input as {"contracts": contracts}
}

test_the_second_is_found_at_its_reference if {
	found := rule.deny with input as {"contracts": {
		"a": _contract("b.yaml", 1, {"references": {"github": ["OTHER", "prod/token"]}}),
		"z": _contract("a.yaml", 9, {"environments": {"prod": {"references": {"github": ["prod/TOKEN"]}}}}),
	}}
	found == {{
		"path": ["contracts", "a", "spec", "references", "github", 1],
		"subject": "github:prod/TOKEN",
		"message": "contract a claims github:prod/TOKEN, which contract z claims already",
		"related": [{"message": "contract z", "path": ["contracts", "z", "spec", "environments", "prod", "references", "github", 0]}],
	}}
}

test_the_order_of_one_file if {
	# the longer name stands above
	{f.path[1] | some f in _found({"a": {"references": {"jenkins": ["x"]}}, "bb": {"references": {"jenkins": ["x"]}}})} == {"a"}
}

test_one_entry_of_a_store if {
	spec := {"environments": {"prod": {"object": "vault:kv/db", "tier": "prod"}}}
	{f.message | some f in _found({"a": spec, "bb": spec})} == {"contract a claims vault:kv/db, which contract bb claims already"}
}

test_a_secret_and_its_key if {
	whole := {"references": {"kubernetes": ["shop/db"]}}
	key := {"references": {"kubernetes": ["shop/db#password"]}}
	{f.path[1] | some f in _found({"a": whole, "bb": key})} == {"a"}
	{f.path[1] | some f in _found({"a": key, "bb": whole})} == {"a"}
	count(_found({"a": key, "bb": {"references": {"kubernetes": ["shop/db#user"]}}})) == 0
}

test_silent if {
	every specs in [
		{"a": {"references": {"github": ["X"]}}, "b": {"references": {"github": ["prod/X"]}}},
		{"a": {"references": {"github": ["X", "x"]}}},
		{"a": {"references": {"env": ["X"]}}, "b": {"references": {"env": ["X"]}}},
		{"a": {"environments": {"dev": {"references": {"env": ["X"]}}}}, "b": {"references": {"env": ["X"]}}},
		{"a": {"references": {"github": ["X"]}, "successor": "b"}, "b": {"references": {"github": ["X"]}}},
		{"a": {"references": {"github": ["X"]}}, "b": {"references": {"github": ["X"]}, "successor": "a"}},
		{"a": {"environments": {"dev": {"object": "o", "tier": "nonprod"}}}, "b": {"environments": {"prod": {"object": "o", "tier": "prod"}}}},
	] {
		count(_found(specs)) == 0
	}
	retired := object.union(_contract("a.yaml", 1, {"references": {"github": ["X"]}}), {"state": "retired"})
	count(rule.deny) == 0 with input as {"contracts": {"a": retired, "b": _contract("b.yaml", 1, {"references": {"github": ["X"]}})}}
}

_entry(claims) := {"slot": "tf:infra//vault_kv_secret_v2.db", "name": "kv/db", "claims": claims}

test_an_entry_by_its_address_and_by_its_name if {
	contracts := {
		"a": _contract("a.yaml", 1, {"references": {"terraform": ["vault_kv_secret_v2.db"]}}),
		"b": _contract("b.yaml", 1, {"environments": {"prod": {"object": "vault:kv/db"}}}),
	}
	rule.deny == {{
		"path": ["contracts", "b"],
		"subject": "tf:infra//vault_kv_secret_v2.db",
		"message": "contract b claims kv/db, which contract a claims already",
		"related": [{"message": "contract a", "path": ["contracts", "a"]}, {"message": "the entry", "path": ["objects", 0]}],
	}} with input as {"contracts": contracts, "objects": [_entry([{"contract": "b", "environment": "prod"}, {"contract": "a"}])]}
}

test_entries_that_are_not_claimed_twice_or_were_told_already if {
	same := {"environments": {"prod": {"object": "vault:kv/db"}}}
	told := {"contracts": {"a": _contract("a.yaml", 1, same), "b": _contract("b.yaml", 1, same)}, "objects": [_entry([{"contract": "a"}, {"contract": "b"}])]}
	count(rule.deny) == 1 with input as told
	keyed := {"environments": {"prod": {"key": "user"}}}
	parts := {"contracts": {"a": _contract("a.yaml", 1, keyed)}, "objects": [_entry([{"contract": "a", "environment": "prod"}, {"contract": "b"}])]}
	count(rule.deny) == 0 with input as parts
	count(rule.deny) == 0 with input as {"contracts": {}, "objects": [_entry([{"contract": "a"}, {"contract": "a", "environment": "prod"}])]}
}
