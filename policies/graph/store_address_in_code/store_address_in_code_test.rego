package policyctl.graph.store_address_in_code_test

import data.policyctl.graph.store_address_in_code as rule

_reader(fields) := object.union({"file": "cmd/app/main.go", "kind": "address", "text": "https://vault.example.com:8200/v1"}, fields)

_found(reader) := result if {
	stores := {"main": {"address": "https://vault.example.com:8200"}, "other": {"type": "vault"}}
	result := rule.deny with input as {"readers": [reader], "stores": stores}
}

test_the_address_of_a_store_of_the_catalogue if {
	_found(_reader({})) == {{
		"path": ["readers", 0],
		"subject": "cmd/app/main.go",
		"message": "cmd/app/main.go has the address https://vault.example.com:8200/v1 of store main",
		"related": [{"message": "store main", "path": ["stores", "main"]}],
	}}
}

test_another_address_without_its_user if {
	text := "https:\/\/app:correct-horse@vault.example.org"
	{f.message | some f in _found(_reader({"text": text}))} == {"cmd/app/main.go has the address (with a user) of a secret store"}
}

test_silent if {
	every fields in [
		{"kind": "env"},
		{"text": "http://127.0.0.1:8200"},
		{"text": "http://localhost:8200/v1"},
		{"file": "tests/conftest.py"},
		{"file": "app/store_test.go"},
		{"file": "src/vault.spec.ts"},
		{"file": "src/VaultTest.java"},
		{"file": "test_vault.py"},
		{"file": "vars/deploy.groovy"},
	] {
		count(_found(_reader(fields))) == 0
	}
	count(rule.deny) == 0 with input as {"readers": [{"kind": "store", "file": "a.go", "name": "shop/db"}]}
}
