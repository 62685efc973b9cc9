# METADATA
# title: Nobody logs who reads the secrets of a store
# description: Without a log nobody can tell who read a secret that leaked.
# custom:
#   severity: low
#   tier: audit
#   fix: Send the audit log of the store somewhere that its administrators cannot change (azurerm_monitor_diagnostic_setting, vault_audit).
#   cwe: [778]
package policyctl.terraform.store_access_not_logged

import data.policyctl.lib.terraform

deny contains object.union(terraform.header(vault), {"message": message}) if {
	some vault in terraform.resources.azurerm_key_vault
	not _logged(vault)
	message := $"no diagnostic setting logs who reads {vault.address}"
}

# A setting whose target is not known may be of this vault, and what is handed to a
# module may be logged there.
_logged(vault) if {
	some setting in terraform.resources.azurerm_monitor_diagnostic_setting
	_may_be_of(setting, vault)
}

_logged(vault) if {
	some module in input.modules
	some reference in terraform.references(module.values)
	startswith(reference, $"{vault.address}.")
}

_may_be_of(setting, vault) if terraform.refers(setting, "target_resource_id", vault)

_may_be_of(setting, _) if {
	references := terraform.references(setting.values.target_resource_id)
	every reference in references {
		not contains(reference, "azurerm_key_vault.")
	}
	terraform.unknown(setting.values.target_resource_id)
}

deny contains object.union(terraform.header(mount), {"message": message}) if {
	some mount in terraform.resources.vault_mount
	not terraform.resources.vault_audit
	message := $"no vault_audit of this configuration logs who reads {mount.address}"
}
