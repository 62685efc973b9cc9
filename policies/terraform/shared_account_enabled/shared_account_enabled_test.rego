package policyctl.terraform.shared_account_enabled_test

import data.policyctl.terraform.shared_account_enabled as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_switched_on if {
	rule.deny == {{
		"path": ["resources", 0, "values", "admin_enabled"],
		"subject": "azurerm_container_registry.x",
		"message": "a shared account is on: admin_enabled of azurerm_container_registry.x is true",
	}} with input as _module("azurerm_container_registry", {"admin_enabled": true})
	_reported("google_container_cluster", {"master_auth": [{"username": "admin", "client_certificate_config": [{"issue_client_certificate": "true"}]}]}) == {"master_auth.0.username", "master_auth.0.client_certificate_config.0.issue_client_certificate"}
}

test_silent if {
	_reported("azurerm_container_registry", {"admin_enabled": {"$unknown": ["var.admin"]}}) == set()
	_reported("azurerm_container_registry", {}) == set()
	_reported("google_container_cluster", {"master_auth": [{"username": "", "client_certificate_config": [{"issue_client_certificate": false}]}]}) == set()
}
