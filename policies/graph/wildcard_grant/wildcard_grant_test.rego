package policyctl.graph.wildcard_grant_test

import data.policyctl.graph.wildcard_grant as rule

_found(fields) := result if {
	grant := object.union(
		{
			"identity": "vault-role:kubernetes/api", "pattern": "kv/shop/*", "wildcard": true,
			"contracts": ["db", "token"], "consumers": ["kubernetes:shop/Deployment/api"],
		},
		fields,
	)
	contract := {"state": "active", "spec": {"consumers": [{"workload": "kubernetes:shop/Deployment/web"}]}}
	result := rule.deny with input as {"grants": [grant], "contracts": {"db": contract, "token": contract}}
}

test_a_pattern_that_fits_too_much if {
	_found({}) == {{
		"path": ["grants", 0],
		"subject": "vault-role:kubernetes/api",
		"message": "vault-role:kubernetes/api may read kv/shop/*, which reaches db, token, where nobody who runs as it is listed",
		"related": [{"message": "contract db", "path": ["contracts", "db"]}, {"message": "contract token", "path": ["contracts", "token"]}],
	}}
}

test_silent if {
	every fields in [
		{"consumers": ["kubernetes:shop/Deployment/web"]},
		{"contracts": []},
		{"wildcard": false},
		{"identity": "human:ops"},
	] {
		count(_found(fields)) == 0
	}
}
