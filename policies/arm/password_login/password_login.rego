# METADATA
# title: Machine accepts logins with a password
# description: >-
#   Passwords are guessed, and shared; keys and Entra ID are not.
# custom:
#   severity: medium
#   fix: Set disablePasswordAuthentication to true and give ssh.publicKeys.
#   cwe: [287]
package policyctl.arm.password_login

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(machine, array.concat(path, ["linuxConfiguration", "disablePasswordAuthentication"])), {"message": message}) if {
	some type, path in {"microsoft.compute/virtualmachines": ["properties", "osProfile"], "microsoft.compute/virtualmachinescalesets": ["properties", "virtualMachineProfile", "osProfile"]}
	some machine in arm.resources[type]
	values.may_be_false(object.get(machine.values, array.concat(path, ["linuxConfiguration", "disablePasswordAuthentication"]), null))
	message := $"{machine.address} accepts logins with a password"
}
