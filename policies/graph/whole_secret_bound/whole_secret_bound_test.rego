package policyctl.graph.whole_secret_bound_test

import data.policyctl.graph.whole_secret_bound as rule

_found(confidence, claims) := result if {
	use := {"name": "db", "slot": "k8s-secret:shop/db", "consumer": "kubernetes:shop/Deployment/web", "confidence": confidence, "claims": claims}
	result := rule.deny with input as {"uses": [use]}
}

test_all_keys_where_some_are_listed if {
	_found("exact", [{"contract": "db-user", "listed": true}, {"contract": "db", "listed": true, "narrower": true}]) == {{
		"path": ["uses", 0],
		"subject": "k8s-secret:shop/db",
		"message": "kubernetes:shop/Deployment/web gets all keys of db, but contract db lists single ones",
		"related": [{"message": "contract db", "path": ["contracts", "db"]}],
	}}
}

test_silent if {
	count(_found("exact", [{"contract": "db", "listed": true, "narrower": false}])) == 0
	count(_found("exact", [{"contract": "db", "state": "retired", "narrower": true}])) == 0
	count(_found("wildcard", [{"contract": "db", "narrower": true}])) == 0
}
