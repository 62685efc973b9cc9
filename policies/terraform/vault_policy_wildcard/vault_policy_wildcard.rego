# METADATA
# title: Vault policy opens every path
# description: A token with this policy reads every secret, and may change who else can.
# custom:
#   severity: high
#   fix: Name the paths that are needed, with the capabilities that are needed.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.terraform.vault_policy_wildcard

import data.policyctl.lib.terraform
import data.policyctl.lib.vault

deny contains object.union(terraform.place(policy, ["policy"]), {"match": header, "message": message, "targets": vault.rights(path, capabilities)}) if {
	some policy in terraform.resources.vault_policy
	is_string(policy.values.policy)
	some [block, header, path, body] in regex.find_all_string_submatch_n(`(path\s+"([^"]*)")\s*\{([^}]*)\}`, policy.values.policy, -1)
	not _commented(policy.values.policy, block)
	capabilities := {capability | some [_, capability] in regex.find_all_string_submatch_n(`"([a-z]+)"`, body, -1)}
	vault.opens(path, capabilities)
	message := $"{policy.address} allows {concat(", ", sort(capabilities))} on path {path}"
}

_commented(text, block) if {
	some line in split(text, "\n")
	regex.match(`^\s*(?:#|//)`, line)
	contains(line, split(block, "\n")[0])
}

deny contains {"path": array.concat(["resources", i, "values", "rule", n], ["path"]), "subject": entry.address, "message": message, "targets": vault.rights(rule.path, capabilities)} if {
	some i, entry in input.resources
	entry.type == "vault_policy_document"
	some n, rule in terraform.list(entry.values.rule)
	is_string(rule.path)
	capabilities := {capability | some capability in terraform.list(rule.capabilities); is_string(capability)}
	vault.opens(rule.path, capabilities)
	message := $"{entry.address} allows {concat(", ", sort(capabilities))} on path {rule.path}"
}
