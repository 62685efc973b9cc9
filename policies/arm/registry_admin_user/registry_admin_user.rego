# METADATA
# title: Registry has a user with a password for everybody
# description: >-
#   The admin user of a registry has two passwords that never expire, may push and
#   pull everything, and are shared by all who use it.
# custom:
#   severity: medium
#   fix: Set adminUserEnabled to false and grant AcrPull or AcrPush to managed identities.
#   cwe: [287]
package policyctl.arm.registry_admin_user

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(registry, ["properties", "adminUserEnabled"]), {"message": message}) if {
	some registry in arm.resources["microsoft.containerregistry/registries"]
	values.may_be_true(object.get(registry.values, ["properties", "adminUserEnabled"], false))
	message := $"{registry.address} has its admin user turned on"
}
