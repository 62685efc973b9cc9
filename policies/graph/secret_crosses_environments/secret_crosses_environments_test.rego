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

test_a_claim_for_the_environment_or_for_all_is_silent if {
	every claims in [
		[{"contract": "token", "environment": "prod"}, {"contract": "token", "environment": "staging"}],
		[{"contract": "token", "environment": "prod"}, {"contract": "token"}],
		[],
	] {
		count(found(claims)) == 0
	}
}
