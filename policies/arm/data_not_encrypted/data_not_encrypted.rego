# METADATA
# title: Data is stored without encryption
# description: >-
#   Whoever gets hold of a disk, a snapshot or a backup reads what is in it. It is
#   encrypted unless the template says otherwise.
# custom:
#   severity: medium
#   tier: strict
#   fix: Leave the encryption on.
#   cwe: [311]
package policyctl.arm.data_not_encrypted

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(resource, array.concat(path, alternative.path)), {"message": message}) if {
	some type, paths in _off
	some path, off in paths
	some resource in arm.resources[type]
	some alternative in values.alternatives(object.get(resource.values, path, null))
	lower(sprintf("%v", [alternative.value])) == off
	message := $"{resource.address} turns encryption at rest off"
}

_off := {
	"microsoft.compute/virtualmachines": {["properties", "securityProfile", "encryptionAtHost"]: "false"},
	"microsoft.compute/virtualmachinescalesets": {["properties", "virtualMachineProfile", "securityProfile", "encryptionAtHost"]: "false"},
	"microsoft.kusto/clusters": {["properties", "enableDiskEncryption"]: "false"},
	"microsoft.sql/servers/databases/transparentdataencryption": {["properties", "state"]: "disabled", ["properties", "status"]: "disabled"},
	"microsoft.storage/storageaccounts": {["properties", "encryption", "services", service, "enabled"]: "false" | some service in ["blob", "file", "queue", "table"]},
}
