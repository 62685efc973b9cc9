package policyctl.graph.unused_store_object_test

import data.policyctl.graph.unused_store_object as rule

_input(contract) := {
	"complete": true,
	"contracts": {"db": contract},
	"objects": [{"slot": "tf:infra//aws_secretsmanager_secret.db", "name": "shop/db", "claims": [{"contract": "db"}]}],
}

test_an_entry_that_nothing_uses if {
	rule.deny == {{
		"path": ["objects", 0],
		"subject": "tf:infra//aws_secretsmanager_secret.db",
		"message": "shop/db of contract db is made here, but nothing in the repository uses it",
		"related": [{"message": "contract db", "path": ["contracts", "db"]}],
	}} with input as _input({"state": "active", "uses": [], "objects": [0]})
}

test_silent if {
	every contract in [
		{"state": "active", "uses": [0]},
		{"state": "active", "supplies": [0]},
		{"state": "active", "grants": [0]},
		{"state": "retired"},
	] {
		count(rule.deny) == 0 with input as _input(contract)
	}
	count(rule.deny) == 0 with input as object.union(_input({"state": "active"}), {"complete": false})
	count(rule.deny) == 0 with input as {"complete": true, "objects": [{"slot": "a", "claims": []}]}
}
