package policyctl.terraform.secret_recovery_disabled_test

import data.policyctl.terraform.secret_recovery_disabled as rule

_resource(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

test_aws if {
	rule.deny == {{
		"path": ["resources", 0, "values", "recovery_window_in_days"],
		"subject": "aws_secretsmanager_secret.x",
		"message": "secret aws_secretsmanager_secret.x is deleted without a recovery window",
		"fix": {"op": "replace", "path": ["resources", 0, "values", "recovery_window_in_days"], "value": 30},
	}} with input as _resource("aws_secretsmanager_secret", {"recovery_window_in_days": 0})
}

test_azure if {
	rule.deny == {{
		"path": ["resources", 0, "values", "purge_protection_enabled"],
		"subject": "azurerm_key_vault.x",
		"message": "key vault azurerm_key_vault.x has no purge protection",
	}} with input as _resource("azurerm_key_vault", {"name": "orders"})
}

test_silent if {
	every values in [{}, {"recovery_window_in_days": 7}, {"recovery_window_in_days": {"$unknown": []}}] {
		rule.deny == set() with input as _resource("aws_secretsmanager_secret", values)
	}
	every value in [true, "true", {"$unknown": []}] {
		rule.deny == set() with input as _resource("azurerm_key_vault", {"purge_protection_enabled": value})
	}
}

test_other_stores if {
	every type, values in {"azurerm_key_vault": {"soft_delete_enabled": false, "purge_protection_enabled": true}, "azurerm_key_vault_managed_hardware_security_module": {}} {
		count(rule.deny) == 1 with input as {"resources": [{"address": "x", "type": type, "name": "x", "mode": "managed", "values": values}]}
	}
	rule.deny == set() with input as {"resources": [{"address": "x", "type": "azurerm_app_configuration", "name": "x", "mode": "managed", "values": {"sku": "free"}}]}
}
