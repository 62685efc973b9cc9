package policyctl.graph.consumer_not_allowed_test

import data.policyctl.graph.consumer_not_allowed as rule

_now := time.parse_rfc3339_ns("2026-11-22T00:00:00Z")

_past := time.parse_rfc3339_ns("2026-08-01T23:59:59Z")

_use(confidence, claims) := {
	"name": "TOKEN", "slot": "github-secret:TOKEN", "consumer": "github:x.yml#build", "confidence": confidence,
	"environment": "staging", "tier": "nonprod", "claims": claims,
}

_found(use) := result if {
	result := rule.deny with input as {"uses": [use]} with data.run.now_ns as _now
}

test_a_consumer_that_is_not_listed if {
	_found(_use("exact", [{"contract": "token", "listed": false}, {"contract": "token", "listed": false, "environment": "prod"}])) == {{
		"path": ["uses", 0],
		"subject": "github-secret:TOKEN",
		"message": "github:x.yml#build uses TOKEN, but contract token does not list it as a consumer",
		"related": [{"message": "contract token", "path": ["contracts", "token"]}],
		"fix": {
			"op": "add", "path": ["contracts", "token", "spec", "consumers"],
			"value": {"workload": "github:x.yml#build", "environments": ["staging"]},
		},
	}}
}

test_the_entry_of_a_consumer_without_environment if {
	use := object.remove(_use("exact", [{"contract": "token", "listed": false}]), ["environment"])
	[found.fix.value | some found in _found(use)] == [{"workload": "github:x.yml#build"}]
}

test_a_consumer_whose_time_has_ended if {
	found := _found(_use("exact", [{"contract": "old", "listed": false}, {"contract": "token", "listed": true, "until_ns": _past}]))
	{f.message | some f in found} == {"github:x.yml#build uses TOKEN, but its time in contract token ended on 2026-08-01"}
}

test_listed_and_undeclared_uses_are_silent if {
	every use in [
		_use("exact", [{"contract": "token", "listed": true}]),
		_use("exact", [{"contract": "token", "listed": false}, {"contract": "other", "listed": true}]),
		_use("exact", [{"contract": "token", "listed": true, "until_ns": _now + 1}]),
		_use("exact", [{"contract": "token", "listed": true, "until_ns": _past}, {"contract": "token", "listed": true, "environment": "staging"}]),
		_use("exact", []),
		_use("wildcard", [{"contract": "token", "listed": false}]),
		_use("derived", [{"contract": "token", "listed": true, "until_ns": _past}]),
	] {
		count(_found(use)) == 0
	}
}

test_what_other_rules_say_is_silent if {
	every claims in [
		[{"contract": "token", "listed": false, "state": "retired"}],
		[{"contract": "token", "listed": true, "state": "retired", "until_ns": _past}],
		[{"contract": "token", "listed": false, "environment": "qa"}],
		[{"contract": "token", "listed": false, "environment": "prod", "tier": "prod", "via_store": true}],
		[{"contract": "token", "listed": true, "until_ns": _past, "environment": "prod", "tier": "prod"}],
	] {
		count(_found(_use("exact", claims))) == 0
	}
}
