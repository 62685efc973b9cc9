package policyctl.graph.store_tls_too_old_test

import data.policyctl.graph.store_tls_too_old as rule

_found(version) := result if {
	result := rule.deny with input as {"stores": {"vault": {"tls": {"min": version}}}}
}

test_old if {
	_found("1.1") == {{
		"path": ["stores", "vault", "tls", "min"],
		"subject": "vault",
		"message": "store vault accepts TLS 1.1, and nothing below 1.2 is safe",
	}}
	count(_found("1.0")) == 1
}

test_new_or_not_said if {
	every version in ["1.2", "1.3"] {
		count(_found(version)) == 0
	}
	count(rule.deny) == 0 with input as {"stores": {"vault": {}}}
}
