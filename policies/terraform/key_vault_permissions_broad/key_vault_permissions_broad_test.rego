package policyctl.terraform.key_vault_permissions_broad_test

import data.policyctl.terraform.key_vault_permissions_broad as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_purge if {
	rule.deny == {{
		"path": ["resources", 0, "values", "secret_permissions", 1],
		"subject": "azurerm_key_vault_access_policy.x",
		"message": "azurerm_key_vault_access_policy.x grants Purge by secret_permissions",
	}} with input as _module("azurerm_key_vault_access_policy", {"secret_permissions": ["Get", "Purge"]})
	_reported("azurerm_key_vault", {"access_policy": [{"key_permissions": ["Get"]}, {"key_permissions": ["Purge"]}]}) == {"access_policy.1.key_permissions.0"}
}

test_silent if {
	_reported("azurerm_key_vault_access_policy", {"secret_permissions": ["Get", "List"]}) == set()
	_reported("azurerm_key_vault_access_policy", {"secret_permissions": {"$unknown": ["var.permissions"]}}) == set()
}
