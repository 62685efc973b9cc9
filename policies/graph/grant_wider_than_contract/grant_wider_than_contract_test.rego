package policyctl.graph.grant_wider_than_contract_test

import data.policyctl.graph.grant_wider_than_contract as rule

_found(fields) := result if {
	grant := object.union({"identity": "kubernetes-sa:shop/api", "pattern": "shop/db", "contracts": ["db"], "consumers": ["kubernetes:shop/Deployment/api"]}, fields)
	contract := {"state": "active", "spec": {"consumers": [{"workload": "kubernetes:shop/Deployment/web"}]}}
	result := rule.deny with input as {"grants": [grant], "contracts": {"db": contract}}
}

test_an_identity_that_nobody_lists if {
	_found({}) == {{
		"path": ["grants", 0],
		"subject": "kubernetes-sa:shop/api",
		"message": "kubernetes-sa:shop/api may read shop/db, but contract db lists nobody who runs as it",
		"related": [{"message": "contract db", "path": ["contracts", "db"]}],
	}}
}

test_silent if {
	every fields in [
		{"consumers": ["kubernetes:shop/Deployment/web"]},
		{"consumers": []},
		{"contracts": []},
		{"wildcard": true},
		{"identity": "human:ops"},
	] {
		count(_found(fields)) == 0
	}
}
