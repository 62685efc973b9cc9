# METADATA
# title: Machine takes passwords for logins
# description: Passwords are guessed and shared. A key or an identity of the platform is not.
# custom:
#   severity: medium
#   tier: strict
#   fix: Set disable_password_authentication = true and give the machine a public key, or let people log in with their identity.
#   cwe: [521]
package policyctl.terraform.password_login

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"passwords open the machine: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

_table := {
	"azurerm_linux_virtual_machine": {{"path": "disable_password_authentication", "bad": {"false"}}},
	"azurerm_linux_virtual_machine_scale_set": {{"path": "disable_password_authentication", "bad": {"false"}}},
	"azurerm_orchestrated_virtual_machine_scale_set": {{"path": "os_profile.linux_configuration.disable_password_authentication", "bad": {"false"}}},
	"azurerm_virtual_machine": {{"path": "os_profile_linux_config.disable_password_authentication", "bad": {"false"}}},
	"azurerm_virtual_machine_scale_set": {{"path": "os_profile_linux_config.disable_password_authentication", "bad": {"false"}}},
}
