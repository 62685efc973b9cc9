package policyctl.graph.retired_object_remains_test

import data.policyctl.graph.retired_object_remains as rule

_found(claims) := result if {
	result := rule.deny with input as {"objects": [{"slot": "tf:infra//vault_kv_secret_v2.db", "name": "kv/db", "claims": claims}]}
}

test_an_entry_of_a_retired_contract if {
	_found([{"contract": "db", "state": "retired"}]) == {{
		"path": ["objects", 0],
		"subject": "tf:infra//vault_kv_secret_v2.db",
		"message": "kv/db is made here, but contract db says that it is retired",
		"related": [{"message": "the contract's state", "path": ["contracts", "db", "spec", "state"]}],
	}}
}

test_silent if {
	every claims in [
		[],
		[{"contract": "db", "state": "active"}],
		[{"contract": "db", "state": "deprecated"}],
		[{"contract": "db", "state": "retired"}, {"contract": "db-2", "state": "active"}],
	] {
		count(_found(claims)) == 0
	}
}
