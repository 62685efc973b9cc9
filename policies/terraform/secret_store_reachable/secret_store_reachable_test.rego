package policyctl.terraform.secret_store_reachable_test

import data.policyctl.terraform.secret_store_reachable as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_open if {
	rule.deny == {{
		"path": ["resources", 0, "values", "network_acls", "default_action"],
		"subject": "azurerm_key_vault.x",
		"message": "the store answers to every network: network_acls.default_action of azurerm_key_vault.x is not set",
	}} with input as _module("azurerm_key_vault", {"name": "orders"})
	_reported("azurerm_key_vault", {"network_acls": [{"default_action": "Allow"}]}) == {"network_acls.0.default_action"}
}

test_storage if {
	_reported("azurerm_storage_account_network_rules", {"default_action": "Allow"}) == {"default_action"}
	_reported("azurerm_storage_account", {"network_rules": [{"default_action": "Allow"}]}) == {"network_rules.0.default_action"}
	_reported("azurerm_storage_account", {}) == set()
	_reported("azurerm_storage_account", {"network_rules": [{"default_action": "Allow"}], "public_network_access_enabled": false}) == set()
	_reported("azurerm_storage_account_network_rules", {"default_action": "Deny"}) == set()
}

test_silent if {
	_reported("azurerm_key_vault", {"network_acls": [{"default_action": "Deny"}]}) == set()
	_reported("azurerm_key_vault", {"public_network_access_enabled": false}) == set()
	_reported("azurerm_key_vault", {"public_network_access_enabled": {"$unknown": ["var.public"]}}) == set()
	_reported("azurerm_key_vault", {"network_acls": {"$unknown": ["var.acls"]}}) == set()
}
