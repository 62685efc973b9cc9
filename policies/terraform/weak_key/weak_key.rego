# METADATA
# title: Key is so short that it can be broken
# description: RSA below 2048 bits and curves below 256 bits are within reach of an attacker with means.
# custom:
#   severity: medium
#   fix: Use RSA with 3072 bits or more, P-256 or better, or Ed25519, and replace what the key has signed.
#   cwe: [326]
package policyctl.terraform.weak_key

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"the key is weak: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

_table := {
	"aws_acm_certificate": {{"path": "key_algorithm", "bad": {"rsa_1024"}}},
	"azurerm_key_vault_certificate": {{"path": "certificate_policy.key_properties.key_size", "like": "^(?:512|1024)$"}},
	"azurerm_key_vault_key": {{"path": "key_size", "like": "^(?:512|1024)$"}},
	"google_dns_managed_zone": {{"path": "dnssec_config.default_key_specs.algorithm", "bad": {"rsasha1"}}},
	"google_service_account_key": {{"path": "key_algorithm", "bad": {"key_alg_rsa_1024"}}},
	"tls_private_key": {
		{"path": "rsa_bits", "below": 2048, "when": {"algorithm": {"rsa"}}},
		{"path": "ecdsa_curve", "bad": {"p224"}, "absent": "anywhere", "when": {"algorithm": {"ecdsa"}}, "says": "its default is P224"},
	},
	"vault_pki_secret_backend_intermediate_cert_request": _bits,
	"vault_pki_secret_backend_role": _bits,
	"vault_pki_secret_backend_root_cert": _bits,
}

_bits := {{"path": "key_bits", "like": "^(?:512|1024)$"}}
