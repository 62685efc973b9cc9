package policyctl.graph.store_not_verified_test

import data.policyctl.graph.store_not_verified as rule

test_not_verified if {
	rule.deny == {{
		"path": ["stores", "vault", "tls", "verify"],
		"subject": "vault",
		"message": "nobody verifies that store vault is the store",
	}} with input as {"stores": {"vault": {"tls": {"verify": false}}}}
}

test_verified_or_not_said if {
	every tls in [{"verify": true}, {"min": "1.2"}, {}] {
		count(rule.deny) == 0 with input as {"stores": {"vault": {"tls": tls}}}
	}
}
