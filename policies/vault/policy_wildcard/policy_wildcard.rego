# METADATA
# title: Policy in a file opens every path of Vault
# description: A token with this policy reads every secret, and may change who else can.
# custom:
#   severity: high
#   fix: Name the paths that are needed, with the capabilities that are needed.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.vault.policy_wildcard

import data.policyctl.lib.vault

deny contains {"path": ["paths", i, "path"], "subject": entry.path, "message": message, "targets": vault.rights(entry.path, capabilities)} if {
	some i, entry in input.paths
	capabilities := {capability | some capability in entry.capabilities; is_string(capability)}
	vault.opens(entry.path, capabilities)
	message := $"the policy allows {concat(", ", sort(capabilities))} on path {entry.path}"
}
