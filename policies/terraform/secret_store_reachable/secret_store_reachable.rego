# METADATA
# title: Store answers to every network
# description: A token or key that leaked can be used from anywhere, and nobody notices that it was not you.
# custom:
#   severity: medium
#   tier: strict
#   fix: Set network_acls with default_action = "Deny" and your own networks, or public_network_access_enabled = false.
#   cwe: [668]
package policyctl.terraform.secret_store_reachable

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"the store answers to every network: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

_open := {"public_network_access_enabled": {"", "true"}}

_table := {
	"azurerm_app_configuration": {{"path": "public_network_access", "bad": {"enabled"}}},
	"azurerm_key_vault": {{"path": "network_acls.default_action", "bad": {"allow"}, "absent": "anywhere", "when": _open}},
	"azurerm_key_vault_managed_hardware_security_module": {{"path": "network_acls.default_action", "bad": {"allow"}, "absent": "anywhere", "when": _open}},
	"azurerm_storage_account": {{"path": "network_rules.default_action", "bad": {"allow"}, "when": _open}},
	"azurerm_storage_account_network_rules": {{"path": "default_action", "bad": {"allow"}}},
}
