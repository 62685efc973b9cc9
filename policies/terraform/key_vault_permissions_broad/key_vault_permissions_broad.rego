# METADATA
# title: Identity may purge what a key vault holds
# description: Who may purge deletes secrets and keys for good, whatever the vault would have kept.
# custom:
#   severity: medium
#   tier: strict
#   fix: Grant the permissions that are needed, mostly Get and List; best by roles on single secrets.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.terraform.key_vault_permissions_broad

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"{fault.subject} grants {fault.value} by {fault.argument}"} if {
	some fault in terraform.faults({
		"azurerm_key_vault": {{"path": $"access_policy.{kind}_permissions", "bad": {"all", "purge"}} | some kind in _kinds},
		"azurerm_key_vault_access_policy": {{"path": $"{kind}_permissions", "bad": {"all", "purge"}} | some kind in _kinds},
	})
}

_kinds := {"certificate", "key", "secret", "storage"}
