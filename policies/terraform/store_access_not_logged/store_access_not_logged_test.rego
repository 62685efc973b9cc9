package policyctl.terraform.store_access_not_logged_test

import data.policyctl.terraform.store_access_not_logged as rule

_with(others) := {"resources": array.concat([{"address": "azurerm_key_vault.x", "type": "azurerm_key_vault", "name": "x", "mode": "managed", "values": {}}], others)}

_setting(target) := _with([{"address": "azurerm_monitor_diagnostic_setting.s", "type": "azurerm_monitor_diagnostic_setting", "name": "s", "mode": "managed", "values": {"target_resource_id": target}}])

_mount := {"address": "vault_mount.x", "type": "vault_mount", "name": "x", "mode": "managed", "values": {}}

_audit := {"address": "vault_audit.x", "type": "vault_audit", "name": "x", "mode": "managed", "values": {}}

test_not_logged if {
	rule.deny == {{
		"path": ["resources", 0, "values"],
		"at": "key",
		"subject": "azurerm_key_vault.x",
		"message": "no diagnostic setting logs who reads azurerm_key_vault.x",
	}} with input as _with([])
	count(rule.deny) == 1 with input as _setting({"$unknown": ["azurerm_key_vault.other.id"]})
	{found.message | some found in rule.deny} == {"no vault_audit of this configuration logs who reads vault_mount.x"} with input as {"resources": [_mount]}
}

test_silent if {
	rule.deny == set() with input as _setting({"$unknown": ["azurerm_key_vault.x.id"]})
	rule.deny == set() with input as _setting({"$unknown": ["var.vault"]})
	rule.deny == set() with input as object.union(_with([]), {"modules": [{"name": "logs", "values": {"target": {"$unknown": ["azurerm_key_vault.x.id"]}}}]})
	rule.deny == set() with input as {"resources": [_mount, _audit]}
}
