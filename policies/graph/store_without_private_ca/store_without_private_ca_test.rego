package policyctl.graph.store_without_private_ca_test

import data.policyctl.graph.store_without_private_ca as rule

_found(store) := result if {
	vault := object.union({"address": "https://vault.example.com", "contracts": ["db", "api"]}, store)
	result := rule.deny with input as {"stores": {"vault": vault}, "contracts": {"db": {"rating": "critical"}, "api": {"rating": "high"}}}
}

test_no_ca if {
	_found({}) == {{
		"path": ["stores", "vault", "tls", "ca"],
		"subject": "vault",
		"message": "store vault has no CA of its own, but holds critical secrets: db",
	}}
}

test_a_ca_or_no_need_for_one if {
	count(_found({"tls": {"ca": "infra/ca.pem"}})) == 0
	count(_found({"contracts": ["api"]})) == 0
	count(_found({"address": "http://vault.example.com"})) == 0
	count(rule.deny) == 0 with input as {"stores": {"aws": {"contracts": ["db"]}}, "contracts": {"db": {"rating": "critical"}}}
}
