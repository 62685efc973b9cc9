package policyctl.graph.secret_crosses_environments_test

import data.policyctl.graph.secret_crosses_environments as rule

_use(fields) := object.union(
	{
		"name": "TOKEN",
		"slot": "github-secret:TOKEN",
		"consumer": "github:x.yml#build",
		"environment": "staging",
		"tier": "nonprod",
		"confidence": "exact",
	},
	fields,
)

_found(fields) := result if {
	result := rule.deny with input as {"uses": [_use(fields)]}
}

test_a_secret_of_another_environment if {
	_found({"claims": [{"contract": "token", "environment": "qa", "tier": "nonprod"}]}) == {{
		"path": ["uses", 0],
		"subject": "github-secret:TOKEN",
		"message": "github:x.yml#build runs in staging and uses TOKEN, which contract token declares for qa",
		"related": [{"message": "contract token", "path": ["contracts", "token"]}],
	}}
}

test_production_is_an_environment_like_others_where_tiers_are_not_known if {
	count(_found({"claims": [{"contract": "token", "environment": "prod"}]})) == 1
	count(_found({"environment": "prod", "tier": "prod", "claims": [{"contract": "token", "environment": "staging", "tier": "nonprod"}]})) == 1
}

test_an_entry_of_one_environment_that_supplies_another if {
	supply := {
		"name": "kv/qa/token",
		"slot": "staging/token#value",
		"environment": "staging",
		"claims": [{"contract": "token", "environment": "qa", "via_store": true}],
	}
	result := rule.deny with input as {"uses": [], "supplies": [supply]}
	result == {{
		"path": ["supplies", 0],
		"subject": "staging/token#value",
		"message": "staging/token#value is for staging and takes kv/qa/token, which contract token declares for qa",
		"related": [{"message": "contract token", "path": ["contracts", "token"]}],
	}}
}

test_what_supplies_a_use_is_judged_elsewhere if count(_found({"claims": [{"contract": "token", "environment": "qa", "via_store": true}]})) == 0

test_production_elsewhere_is_the_critical_rule_alone if {
	claims := [{"contract": "token", "environment": "prod", "tier": "prod", "via_store": true}]
	count(_found({"claims": [object.remove(claims[0], ["via_store"])]})) == 0
	found := rule.deny with input as {"supplies": [_use({"claims": claims})]}
	count(found) == 0
}

test_a_claim_for_the_environment_or_for_all_is_silent if {
	every claims in [
		[{"contract": "token", "environment": "qa"}, {"contract": "token", "environment": "staging"}],
		[{"contract": "token", "environment": "qa"}, {"contract": "token"}],
		[],
	] {
		count(_found({"claims": claims})) == 0
	}
	count(_found({"confidence": "wildcard", "claims": [{"contract": "token", "environment": "qa"}]})) == 0
}
