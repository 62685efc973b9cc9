package policyctl.graph.store_over_plain_http_test

import data.policyctl.graph.store_over_plain_http as rule

_found(address) := result if {
	result := rule.deny with input as {"stores": {"vault": {"address": address}}}
}

test_plain_http if {
	_found("http://vault.example.com:8200") == {{
		"path": ["stores", "vault", "address"],
		"subject": "vault",
		"message": "store vault is reached by plain http",
	}}
	count(_found("HTTP://localhost.example.com")) == 1
}

test_tls_or_the_same_machine if {
	every address in ["https://vault.example.com", "http://127.0.0.1:8200", "http://localhost:8200/v1", "http://[::1]:8200"] {
		count(_found(address)) == 0
	}
	count(rule.deny) == 0 with input as {"stores": {"aws": {"account": "111122223333"}}}
}
