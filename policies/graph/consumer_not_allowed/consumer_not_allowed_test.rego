package policyctl.graph.consumer_not_allowed_test

import data.policyctl.graph.consumer_not_allowed

now := time.parse_rfc3339_ns("2026-11-22T00:00:00Z")

past := time.parse_rfc3339_ns("2026-08-01T23:59:59Z")

use(confidence, claims) := {"name": "TOKEN", "slot": "github-secret:TOKEN", "consumer": "github:x.yml#build", "confidence": confidence, "claims": claims}

found(use) := result if {
	result := consumer_not_allowed.deny with input as {"uses": [use]} with data.run.now_ns as now
}

test_a_consumer_that_is_not_listed if {
	found(use("exact", [{"contract": "token", "listed": false}, {"contract": "token", "listed": false}])) == {{
		"path": ["uses", 0],
		"subject": "github-secret:TOKEN",
		"message": "github:x.yml#build uses TOKEN, but contract token does not list it as a consumer",
		"related": [{"message": "the contract", "path": ["uses", 0, "claims", 0]}],
	}}
}

test_a_consumer_whose_time_has_ended if {
	messages := {f.message | some f in found(use("exact", [{"contract": "token", "listed": true, "until_ns": past}]))}
	messages == {"github:x.yml#build uses TOKEN, but its time in contract token ended on 2026-08-01"}
}

test_listed_and_undeclared_uses_are_silent if {
	every u in [
		use("exact", [{"contract": "token", "listed": true}]),
		use("exact", [{"contract": "token", "listed": false}, {"contract": "other", "listed": true}]),
		use("exact", [{"contract": "token", "listed": true, "until_ns": now + 1}]),
		use("exact", []),
		use("wildcard", [{"contract": "token", "listed": false}]),
	] {
		count(found(u)) == 0
	}
}
