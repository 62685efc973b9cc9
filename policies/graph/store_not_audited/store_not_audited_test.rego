package policyctl.graph.store_not_audited_test

import data.policyctl.graph.store_not_audited as rule

_found(store) := result if {
	result := rule.deny with input as {"stores": {"vault": object.union({"type": "vault", "contracts": ["db", "api"]}, store)}}
}

test_no_audit if {
	_found({}) == {{
		"path": ["stores", "vault", "audit"],
		"subject": "vault",
		"message": "store vault holds secrets of contracts, and the catalogue does not say that it is audited",
	}}
	{found.message | some found in _found({"audit": "none"})} == {"store vault holds secrets of contracts, and the catalogue says that it is not audited"}
}

test_audited_or_empty if {
	count(_found({"audit": "required"})) == 0
	count(_found({"contracts": []})) == 0
	count(_found({"type": "github-actions"})) == 0
}
