package policyctl.graph.owner_differs_from_codeowners_test

import data.policyctl.graph.owner_differs_from_codeowners as rule

_contract := {
	"owner": "payments",
	"handles": ["@acme/payments"],
	"codeowners": ["@acme/web"],
	"objects": [0],
	"spec": {"owner": {"team": "payments"}, "approvals": {"create": {"teams": ["security"]}}},
}

_found(contract) := result if {
	result := rule.deny with input as {"contracts": {"db": contract}, "objects": [{"codeowners": ["@acme/ops", "@acme/security"]}]}
}

test_files_of_others if {
	_found(_contract) == {{
		"path": ["contracts", "db", "spec", "owner", "team"],
		"subject": "db",
		"message": "contract db belongs to payments, but CODEOWNERS gives its files to @acme/ops, @acme/web",
	}}
}

test_own_files_or_nothing_known if {
	every contract in [
		object.union(_contract, {"codeowners": ["@acme/web", "@acme/Payments"]}),
		object.union(_contract, {"codeowners": ["@acme/security"], "objects": []}),
		object.union(_contract, {"handles": []}),
		object.union(_contract, {"state": "retired"}),
		object.remove(object.union(_contract, {"objects": []}), ["codeowners"]),
	] {
		count(_found(contract)) == 0
	}
}
