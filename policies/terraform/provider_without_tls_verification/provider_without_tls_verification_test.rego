package policyctl.terraform.provider_without_tls_verification_test

import data.policyctl.terraform.provider_without_tls_verification as rule

_provider(values) := {"providers": [{"name": "vault", "values": values}]}

test_unverified if {
	rule.deny == {{
		"path": ["providers", 0, "values", "skip_tls_verify"],
		"subject": "provider.vault",
		"message": "argument skip_tls_verify of provider.vault is true: nobody verifies the server",
	}} with input as _provider({"address": "https://vault.example", "skip_tls_verify": true})
	every values in [{"kubernetes": [{"insecure": true}]}, {"sslmode": "disable"}, {"verify_ssl": "false"}, {"address": "http://vault.example:8200"}] {
		count(rule.deny) == 1 with input as _provider(values)
	}
}

test_silent if {
	every values in [
		{"address": "https://vault.example", "skip_tls_verify": false},
		{"skip_tls_verify": {"$unknown": ["var.insecure"]}},
		{"address": "http://localhost:8200"},
		{"address": "http://vault:8200"},
		{"address": {"$unknown": ["var.address"]}},
		{"sslmode": "require"},
	] {
		rule.deny == set() with input as _provider(values)
	}
}
