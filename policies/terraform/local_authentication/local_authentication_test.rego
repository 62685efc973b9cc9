package policyctl.terraform.local_authentication_test

import data.policyctl.terraform.local_authentication as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_on if {
	rule.deny == {{
		"path": ["resources", 0, "values", "shared_access_key_enabled"],
		"subject": "azurerm_storage_account.x",
		"message": "keys open the service: shared_access_key_enabled of azurerm_storage_account.x is not set",
	}} with input as _module("azurerm_storage_account", {"name": "orders"})
	_reported("azurerm_eventhub_namespace", {"local_authentication_enabled": true}) == {"local_authentication_enabled"}
	_reported("azurerm_linux_web_app", {"ftp_publish_basic_authentication_enabled": false}) == {"webdeploy_publish_basic_authentication_enabled"}
	_reported("azurerm_batch_account", {"allowed_authentication_modes": ["AAD", "SharedKey"]}) == {"allowed_authentication_modes.1"}
}

test_silent if {
	_reported("azurerm_storage_account", {"shared_access_key_enabled": false}) == set()
	_reported("azurerm_batch_account", {"allowed_authentication_modes": ["AAD"]}) == set()
	_reported("azurerm_managed_redis", {"default_database": [{"port": 10000}]}) == set()
	_reported("azurerm_eventhub_namespace", {"local_authentication_enabled": false}) == set()
	_reported("azurerm_cosmosdb_account", {"kind": "MongoDB"}) == set()
	_reported("azurerm_kubernetes_cluster", {"local_account_disabled": {"$unknown": ["var.local"]}}) == set()
}
