# METADATA
# title: Deleted secrets cannot be recovered
# description: >-
#   Who deletes the secret, by mistake or to do harm, deletes it for good, and what
#   depends on it stops.
# custom:
#   severity: medium
#   fix: Leave recovery_window_in_days at 7 or more (AWS), or set purge_protection_enabled = true (Azure).
#   cwe: [693]
package policyctl.terraform.secret_recovery_disabled

import data.policyctl.lib.terraform

deny contains object.union(terraform.place(secret, ["recovery_window_in_days"]), {"message": message, "fix": fix}) if {
	some secret in terraform.resources.aws_secretsmanager_secret
	secret.values.recovery_window_in_days in {0, "0"}
	message := $"secret {secret.address} is deleted without a recovery window"
	fix := {"op": "replace", "path": array.concat(secret.path, ["recovery_window_in_days"]), "value": 30}
}

deny contains object.union(terraform.place(vault, ["purge_protection_enabled"]), {"message": message}) if {
	some vault in terraform.resources.azurerm_key_vault
	terraform.is_false(object.get(vault.values, "purge_protection_enabled", false))
	message := $"key vault {vault.address} has no purge protection"
}

deny contains {"path": fault.path, "subject": fault.subject, "message": $"what is deleted is gone: {fault.message}"} if {
	some fault in terraform.faults({
		"azurerm_app_configuration": {{"path": "purge_protection_enabled", "bad": {"false"}}},
		"azurerm_key_vault": {{"path": "soft_delete_enabled", "bad": {"false"}}},
		"azurerm_key_vault_managed_hardware_security_module": {{"path": "purge_protection_enabled", "good": {"true"}, "absent": "anywhere"}},
	})
}
