package policyctl.graph.owner_differs_from_codeowners_test

import data.policyctl.graph.owner_differs_from_codeowners as rule

_contract := {
	"owner": "payments",
	"handles": ["@acme/payments"],
	"codeowners": ["@acme/security"],
	"objects": [0],
	"uses": [0],
	"spec": {"owner": {"team": "payments"}},
}

_found(contract) := result if {
	result := rule.deny with input as {
		"contracts": {"db": contract},
		"objects": [{"codeowners": ["@acme/ops"]}],
		"uses": [{"confidence": "exact", "codeowners": ["@acme/web"]}],
	}
}

test_all_is_of_others if {
	_found(_contract) == {{
		"path": ["contracts", "db", "spec", "owner", "team"],
		"subject": "db",
		"message": "contract db belongs to payments, but CODEOWNERS gives what makes the secret to @acme/ops",
		"related": [{"message": "an entry for it is made here", "path": ["objects", 0]}],
	}}
}

test_something_is_its_own_or_nothing_is_known if {
	every contract in [
		object.union(_contract, {"codeowners": ["@acme/web", "@acme/Payments"]}),
		object.union(_contract, {"owner": "ops", "handles": ["@acme/ops"]}),
		object.union(_contract, {"objects": []}),
		object.union(_contract, {"spec": {"approvals": {"rotate": {"teams": ["ops"]}}}}),
		object.union(_contract, {"handles": []}),
		object.union(_contract, {"state": "retired"}),
	] {
		count(_found(contract)) == 0
	}
}
