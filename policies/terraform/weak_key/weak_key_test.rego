package policyctl.terraform.weak_key_test

import data.policyctl.terraform.weak_key as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_short if {
	rule.deny == {{
		"path": ["resources", 0, "values", "rsa_bits"],
		"subject": "tls_private_key.x",
		"message": "the key is weak: rsa_bits of tls_private_key.x is 1024",
	}} with input as _module("tls_private_key", {"algorithm": "RSA", "rsa_bits": 1024})
	_reported("tls_private_key", {"algorithm": "ECDSA"}) == {"ecdsa_curve"}
	_reported("vault_pki_secret_backend_role", {"key_bits": "1024"}) == {"key_bits"}
}

test_silent if {
	_reported("tls_private_key", {"algorithm": "RSA"}) == set()
	_reported("tls_private_key", {"algorithm": "RSA", "rsa_bits": {"$unknown": ["var.bits"]}}) == set()
	_reported("tls_private_key", {"algorithm": "ED25519"}) == set()
	_reported("vault_pki_secret_backend_role", {"key_bits": 0}) == set()
}
