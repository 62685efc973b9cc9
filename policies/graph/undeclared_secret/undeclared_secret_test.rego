package policyctl.graph.undeclared_secret_test

import data.policyctl.graph.undeclared_secret

use(slot) := {"name": "TOKEN", "slot": slot, "confidence": "exact", "claims": []}

test_a_use_without_contract_is_found_once if {
	uses := [object.union(use("github-secret:TOKEN"), {"undeclared": [1]}), use("github-secret:TOKEN"), use("github-secret:KEY")]
	found := undeclared_secret.deny with input as {"adopted": true, "uses": uses, "objects": []}
	found == {{
		"path": ["uses", 0],
		"subject": "github-secret:TOKEN",
		"message": "secret TOKEN is used but no contract declares it",
		"related": [{"message": "also used here", "path": ["uses", 1]}],
	}}
}

test_an_object_without_contract_is_found if {
	object := {"slot": "tf:infra//aws_secretsmanager_secret.db", "name": "infra//aws_secretsmanager_secret.db", "claims": []}
	found := undeclared_secret.deny with input as {"adopted": true, "uses": [], "objects": [object]}
	[f.path | some f in found] == [["objects", 0]]
}

test_declared_uses_are_silent if {
	found := undeclared_secret.deny with input as {"adopted": true, "uses": [use("a")], "objects": [{"slot": "d", "claims": [{"contract": "d"}]}]}
	count(found) == 0
}

test_a_repository_without_contracts_is_left_alone if {
	uses := [object.union(use("a"), {"undeclared": []})]
	found := undeclared_secret.deny with input as {"adopted": false, "uses": uses, "objects": [{"slot": "d", "claims": []}]}
	count(found) == 0
}
