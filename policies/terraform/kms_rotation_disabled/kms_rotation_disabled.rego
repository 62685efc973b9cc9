# METADATA
# title: Encryption key is never rotated
# description: >-
#   A key that is never rotated decrypts everything that was ever encrypted with
#   it. The services rotate keys by themselves if they are told to; old data stays
#   readable.
# custom:
#   severity: medium
#   fix: Set enable_key_rotation = true (AWS), rotation_period (Google, Yandex), a rotation_policy with automatic rotation (Azure), or automatic_rotation (Alibaba).
#   tags: [rotation]
#   cwe: [324]
package policyctl.terraform.kms_rotation_disabled

import data.policyctl.lib.terraform

deny contains {"path": array.concat(key.path, array.concat(["enable_key_rotation"], one.path)), "subject": key.address, "message": message} if {
	some key in terraform.resources.aws_kms_key
	_symmetric(key)
	some one in terraform.cases(key.values.enable_key_rotation)
	terraform.chosen(one.path)
	_off(one.value)
	message := $"key {key.address} may not be rotated: enable_key_rotation can be false"
}

deny contains object.union(terraform.place(key, [argument]), object.union({"message": message}, _fix(key, argument))) if {
	some key in terraform.managed
	argument := _rotation(key)
	message := $"key {key.address} is not rotated: {argument} is {_state(key.values, argument)}"
}

_state(values, argument) := "not set" if terraform.absent(values, argument)

_state(values, argument) := "false" if not terraform.absent(values, argument)

# The other services want to be told how often.
_fix(key, argument) := {"fix": {"op": "add", "path": array.concat(key.path, [argument]), "value": true}} if {
	argument == "enable_key_rotation"
} else := {}

_rotation(key) := "enable_key_rotation" if {
	key.type == "aws_kms_key"
	_symmetric(key)
	_off(object.get(key.values, "enable_key_rotation", false))
}

# Only symmetric keys whose material AWS makes can be rotated by it.
_symmetric(key) if {
	every name, plain in {
		"customer_master_key_spec": "SYMMETRIC_DEFAULT", "key_spec": "SYMMETRIC_DEFAULT",
		"key_usage": "ENCRYPT_DECRYPT", "custom_key_store_id": "",
		"origin": "AWS_KMS",
	} {
		object.get(key.values, name, plain) == plain
	}
	not terraform.is_false(object.get(key.values, "is_enabled", true))
}

_rotation(key) := "rotation_period" if {
	key.type == "google_kms_crypto_key"
	object.get(key.values, "purpose", "ENCRYPT_DECRYPT") == "ENCRYPT_DECRYPT"
	not terraform.is_true(object.get(key.values, "import_only", false))
	not terraform.is_true(object.get(key.values, "skip_initial_version_creation", false))
	terraform.absent(key.values, "rotation_period")
	not _elsewhere(key.values)
}

# What another key manager keeps, it rotates.
_elsewhere(values) if {
	some setting in terraform.settings(values, ["version_template", "protection_level"])
	startswith(terraform.known_text(setting.value), "EXTERNAL")
}

_rotation(key) := "rotation_policy" if {
	key.type == "azurerm_key_vault_key"
	not key.values.rotation_policy
}

deny contains {"path": fault.path, "subject": fault.subject, "message": $"key is not rotated: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

_table := {
	"alicloud_kms_key": {{"path": "automatic_rotation", "good": {"enabled"}, "absent": "anywhere", "when": {"key_usage": {"", "encrypt/decrypt"}, "key_spec": {"", "aliyun_aes_256", "aliyun_sm4"}, "origin": {"", "aliyun_kms"}}}},
	"huaweicloud_kms_key": {{"path": "rotation_enabled", "good": {"true"}, "absent": "anywhere", "when": {"key_algorithm": {"", "aes_256"}, "origin": {"", "kms"}}}},
	"tencentcloud_kms_key": {{"path": "key_rotation_enabled", "good": {"true"}, "absent": "anywhere", "when": {"key_usage": {"", "encrypt_decrypt"}}}},
	"yandex_kms_symmetric_key": {{"path": "rotation_period", "absent": "anywhere"}},
}

_off(value) if terraform.is_false(value)

_off("")
