package policyctl.graph.secret_crosses_environments_test

import data.policyctl.graph.secret_crosses_environments

found(claims) := result if {
	result := secret_crosses_environments.deny with input as {"uses": [{
		"name": "TOKEN",
		"slot": "github-secret:TOKEN",
		"consumer": "github:x.yml#build",
		"environment": "staging",
		"confidence": "exact",
		"claims": claims,
	}]}
}

test_a_secret_of_production_in_staging if {
	found([{"contract": "token", "environment": "prod"}]) == {{
		"path": ["uses", 0],
		"subject": "github-secret:TOKEN",
		"message": "github:x.yml#build runs in staging and uses TOKEN, which contract token declares for prod",
		"related": [{"message": "the contract", "path": ["uses", 0, "claims", 0]}],
	}}
}

test_an_entry_of_production_that_supplies_staging if {
	supply := {
		"name": "kv/prod/token",
		"slot": "staging/token#value",
		"environment": "staging",
		"claims": [{"contract": "token", "environment": "prod", "via_store": true}],
	}
	result := secret_crosses_environments.deny with input as {"uses": [], "supplies": [supply]}
	result == {{
		"path": ["supplies", 0],
		"subject": "staging/token#value",
		"message": "staging/token#value is for staging and takes kv/prod/token, which contract token declares for prod",
		"related": [{"message": "the contract", "path": ["supplies", 0, "claims", 0]}],
	}}
}

test_what_supplies_a_use_is_judged_elsewhere if count(found([{"contract": "token", "environment": "prod", "via_store": true}])) == 0

test_a_claim_for_the_environment_or_for_all_is_silent if {
	every claims in [
		[{"contract": "token", "environment": "prod"}, {"contract": "token", "environment": "staging"}],
		[{"contract": "token", "environment": "prod"}, {"contract": "token"}],
		[],
	] {
		count(found(claims)) == 0
	}
}
