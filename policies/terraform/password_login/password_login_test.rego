package policyctl.terraform.password_login_test

import data.policyctl.terraform.password_login as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_on if {
	rule.deny == {{
		"path": ["resources", 0, "values", "disable_password_authentication"],
		"subject": "azurerm_linux_virtual_machine.x",
		"message": "passwords open the machine: disable_password_authentication of azurerm_linux_virtual_machine.x is false",
	}} with input as _module("azurerm_linux_virtual_machine", {"disable_password_authentication": false})
	_reported("azurerm_virtual_machine", {"os_profile_linux_config": [{"disable_password_authentication": false}]}) == {"os_profile_linux_config.0.disable_password_authentication"}
}

test_silent if {
	_reported("azurerm_linux_virtual_machine", {}) == set()
	_reported("azurerm_linux_virtual_machine", {"disable_password_authentication": {"$unknown": ["var.keys_only"]}}) == set()
}
