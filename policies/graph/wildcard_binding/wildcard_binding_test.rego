package policyctl.graph.wildcard_binding_test

import data.policyctl.graph.wildcard_binding as rule

_found(confidence, claims) := result if {
	result := rule.deny with input as {"uses": [{"consumer": "github:x.yml#build", "confidence": confidence, "claims": claims}]}
}

test_contracts_that_do_not_list_the_consumer if {
	_found("wildcard", [{"contract": "api", "listed": false}, {"contract": "db", "listed": false}, {"contract": "token", "listed": true}]) == {{
		"path": ["uses", 0],
		"subject": "github:x.yml#build",
		"message": "github:x.yml#build gets every secret in reach, also of api, db, which do not list it",
		"related": [{"message": "contract api", "path": ["contracts", "api"]}, {"message": "contract db", "path": ["contracts", "db"]}],
	}}
}

test_silent if {
	count(_found("wildcard", [])) == 0
	count(_found("wildcard", [{"contract": "token", "listed": true}, {"contract": "old", "listed": false, "state": "retired"}])) == 0
	count(_found("exact", [{"contract": "api", "listed": false}])) == 0
}
