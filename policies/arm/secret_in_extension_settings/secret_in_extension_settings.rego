# METADATA
# title: Script of a machine is given a secret in settings that everybody can read
# description: >-
#   Settings of an extension are shown to every reader of the machine, and lie on
#   its disk in clear text. Protected settings are encrypted.
# custom:
#   severity: high
#   fix: Move it to protectedSettings.
#   cwe: [522]
package policyctl.arm.secret_in_extension_settings

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains {"path": array.concat(resource.path, path), "subject": resource.address, "message": message} if {
	some type in ["microsoft.compute/virtualmachines/extensions", "microsoft.compute/virtualmachinescalesets", "microsoft.compute/virtualmachinescalesets/extensions", "microsoft.hybridcompute/machines/extensions"]
	some resource in arm.resources[type]
	walk(resource.entry, [path, value])
	"settings" in {part | some part in path}
	some source in arm.shown(resource.entry, path, value)
	message := $"{values.dotted(array.slice(path, 1, 99))} of {resource.address} has {source} in clear text"
}
