package policyctl.graph.retired_contract_in_use_test

import data.policyctl.graph.retired_contract_in_use as rule

_found(confidence, claims) := result if {
	use := {"name": "TOKEN", "slot": "github-secret:TOKEN", "consumer": "github:x.yml#build", "confidence": confidence, "claims": claims}
	result := rule.deny with input as {"uses": [use]}
}

_claim(name, state) := {"contract": name, "state": state}

test_a_retired_contract if {
	retired := array.concat([object.union(_claim("token", "retired"), {"environment": "prod"})], [_claim("token", "retired")])
	_found("exact", retired) == {{
		"path": ["uses", 0],
		"subject": "github-secret:TOKEN",
		"message": "github:x.yml#build uses TOKEN, but contract token is retired",
		"related": [{"message": "contract token", "path": ["contracts", "token"]}],
	}}
}

test_in_force_or_not_certain if {
	count(_found("exact", [_claim("token", "active")])) == 0
	count(_found("exact", [_claim("token", "retired"), _claim("next", "active")])) == 0
	count(_found("wildcard", [_claim("token", "retired")])) == 0
	count(_found("exact", [])) == 0
}

test_a_key_of_a_secret_that_is_used_whole if {
	claims := [object.union(_claim("token", "retired"), {"part": "old"}), object.union(_claim("next", "active"), {"part": "new"})]
	count(_found("exact", claims)) == 1
}
