# METADATA
# title: What is deleted from a key vault is gone for good
# description: >-
#   Without purge protection, whoever takes over an owner can destroy every secret
#   and key at once, and with them what they encrypt.
# custom:
#   severity: medium
#   tier: strict
#   fix: Set enablePurgeProtection to true, and leave enableSoftDelete on.
#   cwe: [693]
package policyctl.arm.vault_not_recoverable

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(vault, ["properties", "enablePurgeProtection"]), {"message": message}) if {
	some vault in arm.resources["microsoft.keyvault/vaults"]
	_off(vault.values, ["properties", "enablePurgeProtection"])
	message := $"{vault.address} has no purge protection"
}

deny contains object.union(arm.place(vault, ["properties", "enableSoftDelete"]), {"message": message}) if {
	some vault in arm.resources["microsoft.keyvault/vaults"]
	values.may_be_false(object.get(vault.values, ["properties", "enableSoftDelete"], true))
	message := $"{vault.address} has no soft delete"
}

_off(properties, path) if {
	values.absent(properties, path)
	not values.unknown(object.get(properties, array.slice(path, 0, count(path) - 1), null))
}

_off(properties, path) if values.may_be_false(object.get(properties, path, null))
