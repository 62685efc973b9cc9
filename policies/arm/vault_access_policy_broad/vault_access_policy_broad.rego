# METADATA
# title: Identity may do everything with a key vault
# description: >-
#   An application that reads one secret can delete or purge all of them.
# custom:
#   severity: medium
#   fix: Name the permissions that are needed, get most of the time; better, use roles on single secrets (enableRbacAuthorization).
#   cwe: [732]
package policyctl.arm.vault_access_policy_broad

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(vault, array.concat(["properties", "accessPolicies", i, "permissions", kind], permission.path)), {"message": message}) if {
	some type in ["microsoft.keyvault/vaults", "microsoft.keyvault/vaults/accesspolicies"]
	some vault in arm.resources[type]
	not values.is_true(object.get(vault.values, ["properties", "enableRbacAuthorization"], false))
	policies := object.get(vault.values, ["properties", "accessPolicies"], [])
	is_array(policies)
	some i, policy in policies
	some kind in ["keys", "secrets", "certificates", "storage"]
	some permission in values.members(object.get(policy, ["permissions", kind], []))
	is_string(permission.value)
	lower(permission.value) in {"all", "purge"}
	message := $"{vault.address} lets an identity do {permission.value} with {kind}"
}
