package policyctl.terraform.vault_credential_lives_long_test

import data.policyctl.terraform.vault_credential_lives_long as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_long if {
	rule.deny == {{
		"path": ["resources", 0, "values", "token_max_ttl"],
		"subject": "vault_kubernetes_auth_backend_role.x",
		"message": "a credential lives long: token_max_ttl of vault_kubernetes_auth_backend_role.x is 31536000",
	}} with input as _module("vault_kubernetes_auth_backend_role", {"token_ttl": 3600, "token_max_ttl": 31536000})
	_reported("vault_approle_auth_backend_role", {"role_name": "orders"}) == {"secret_id_ttl"}
	_reported("vault_database_secret_backend_role", {"default_ttl": 604800}) == {"default_ttl"}
}

test_silent if {
	_reported("vault_kubernetes_auth_backend_role", {"token_ttl": 3600}) == set()
	_reported("vault_kubernetes_auth_backend_role", {"token_ttl": {"$unknown": ["var.ttl"]}}) == set()
	_reported("vault_approle_auth_backend_role", {"secret_id_num_uses": 1}) == set()
	_reported("vault_approle_auth_backend_role", {"secret_id_ttl": 600}) == set()
}

test_tokens if {
	_reported("vault_token", {"ttl": "87600h"}) == {"ttl"}
	_reported("vault_token", {"ttl": "24h"}) == set()
	_reported("vault_token", {"ttl": "30d"}) == set()
}
