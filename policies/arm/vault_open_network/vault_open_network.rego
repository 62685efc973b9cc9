# METADATA
# title: Key vault can be reached from every network
# description: >-
#   A stolen token is then enough, from wherever.
# custom:
#   severity: medium
#   tier: strict
#   fix: Set publicNetworkAccess to Disabled, or networkAcls.defaultAction to Deny.
#   cwe: [284]
package policyctl.arm.vault_open_network

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(vault, ["properties", "networkAcls", "defaultAction"]), {"message": message}) if {
	some vault in arm.resources["microsoft.keyvault/vaults"]
	not values.unknown(object.get(vault.values, "properties", null))
	object.get(vault.values, ["properties", "publicNetworkAccess"], "Enabled") == "Enabled"
	not values.unknown(object.get(vault.values, ["properties", "networkAcls"], null))
	object.get(vault.values, ["properties", "networkAcls", "defaultAction"], "Allow") == "Allow"
	message := $"{vault.address} can be reached from every network"
}
