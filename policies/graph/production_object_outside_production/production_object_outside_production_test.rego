package policyctl.graph.production_object_outside_production_test

import data.policyctl.graph.production_object_outside_production as rule

_claim := {"contract": "token", "environment": "prod", "tier": "prod"}

_stored := object.union(_claim, {"via_store": true})

_use(fields) := object.union(
	{
		"name": "TOKEN", "slot": "github-secret:TOKEN", "consumer": "github:x.yml#build", "confidence": "exact",
		"environment": "staging", "tier": "nonprod", "claims": [_claim],
	},
	fields,
)

test_a_use_in_staging if {
	rule.deny == {{
		"path": ["uses", 0],
		"subject": "github-secret:TOKEN",
		"message": "github:x.yml#build runs in staging and uses TOKEN, which contract token declares for prod, a production environment",
		"related": [{"message": "contract token", "path": ["contracts", "token"]}],
	}} with input as {"uses": [_use({})]}
}

_supply(fields) := object.union(
	{
		"name": "kv/prod/token", "slot": "k8s-secret:staging/token#value",
		"environment": "staging", "tier": "nonprod", "claims": [_stored],
	},
	fields,
)

test_an_entry_that_supplies_staging_is_found_where_it_is_written if {
	uses := [_use({"slot": "k8s-secret:staging/token", "claims": [_stored]})]
	rule.deny == {{
		"path": ["supplies", 0],
		"subject": "k8s-secret:staging/token#value",
		"message": "k8s-secret:staging/token#value is for staging and takes kv/prod/token, which contract token declares for prod, a production environment",
		"related": [{"message": "contract token", "path": ["contracts", "token"]}],
	}} with input as {"uses": uses, "supplies": [_supply({})]}
}

test_a_use_of_what_is_supplied_for_production if {
	paths := {found.path | some found in rule.deny} with input as {
		"uses": [_use({"slot": "k8s-secret:prod/token", "claims": [_stored]})],
		"supplies": [_supply({"slot": "k8s-secret:prod/token", "environment": "prod", "tier": "prod"})],
	}
	paths == {["uses", 0]}
}

test_silent if {
	every use in [
		_use({"confidence": "wildcard"}),
		_use({"confidence": "derived"}),
		_use({"tier": "prod"}),
		_use({"claims": []}),
		_use({"claims": [_claim, {"contract": "token"}]}),
		_use({"claims": [_claim, {"contract": "token", "environment": "staging", "tier": "nonprod"}]}),
		object.remove(_use({}), ["tier"]),
	] {
		count(rule.deny) == 0 with input as {"uses": [use]}
	}
	count(rule.deny) == 0 with input as {"supplies": [_supply({"tier": "prod"}), _supply({"claims": []})]}
}
