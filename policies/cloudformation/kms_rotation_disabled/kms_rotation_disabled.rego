# METADATA
# title: Key is not rotated
# description: >-
#   KMS can replace the material of a symmetric key each year on its own, without
#   anybody having to change a reference.
# custom:
#   severity: medium
#   fix: Set EnableKeyRotation to true.
#   cwe: [324]
package policyctl.cloudformation.kms_rotation_disabled

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(key, ["EnableKeyRotation"]), object.union({"message": message}, _fix(key))) if {
	some key in cloudformation.resources["AWS::KMS::Key"]
	object.get(key.values, "KeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
	object.get(key.values, "KeyUsage", "ENCRYPT_DECRYPT") == "ENCRYPT_DECRYPT"
	object.get(key.values, "Origin", "AWS_KMS") == "AWS_KMS"
	not values.is_false(object.get(key.values, "Enabled", true))
	_off(key.values)
	message := $"{key.id} is not rotated"
}

_fix(key) := {"fix": {"op": "add", "path": array.concat(key.path, ["values", "EnableKeyRotation"]), "value": true}} if {
	count({name | some name, _ in key.values}) > 0 # else there may be no Properties
	object.get(key.values, "EnableKeyRotation", false) in {false, "false"}
} else := {}

_off(properties) if values.may_be_absent(properties, ["EnableKeyRotation"])

_off(properties) if values.may_be_false(properties.EnableKeyRotation)
