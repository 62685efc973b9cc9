# METADATA
# title: Who used a key vault is not written down
# description: >-
#   After a leak nobody can say what was read, by whom and when.
# custom:
#   severity: low
#   tier: audit
#   fix: Add Microsoft.Insights/diagnosticSettings with the category AuditEvent.
#   cwe: [778]
package policyctl.arm.vault_without_audit_log

import data.policyctl.lib.arm

deny contains object.union(arm.place(vault, []), {"at": "key", "message": message}) if {
	some vault in arm.resources["microsoft.keyvault/vaults"]
	count(object.get(arm.resources, "microsoft.insights/diagnosticsettings", set())) == 0
	not _provided
	message := $"no diagnostic settings belong to {vault.address}"
}

# The older way writes the type of the vault before it.
_provided if {
	some type, _ in arm.resources
	endswith(type, "/providers/diagnosticsettings")
}
