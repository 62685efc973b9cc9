# METADATA
# title: Secret or key in a key vault does not expire
# description: >-
#   Nobody is told when it is time to rotate it.
# custom:
#   severity: low
#   tier: strict
#   fix: Set attributes.exp.
#   cwe: [324]
package policyctl.arm.secret_without_expiry

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(entry, ["properties", "attributes", "exp"]), {"message": message}) if {
	some type in ["microsoft.keyvault/vaults/secrets", "microsoft.keyvault/vaults/keys"]
	some entry in arm.resources[type]
	values.absent(entry.values, ["properties", "attributes", "exp"])
	not values.unknown(object.get(entry.values, "properties", null))
	not values.unknown(object.get(entry.values, ["properties", "attributes"], null))
	not entry.values.properties.rotationPolicy
	message := $"{entry.address} does not expire"
}

deny contains object.union(arm.place(entry, ["properties", "attributes", "exp"]), {"message": message}) if {
	some type in ["microsoft.keyvault/vaults/secrets", "microsoft.keyvault/vaults/keys"]
	some entry in arm.resources[type]
	expires := entry.values.properties.attributes.exp
	is_number(expires)
	expires * 1000000000 > time.add_date(data.run.now_ns, 2, 0, 1)
	message := $"{entry.address} expires in years"
}
