package policyctl.terraform.kms_rotation_disabled_test

import data.policyctl.terraform.kms_rotation_disabled as rule

_key(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

test_aws if {
	rule.deny == {{
		"path": ["resources", 0, "values", "enable_key_rotation"],
		"subject": "aws_kms_key.x",
		"message": "key aws_kms_key.x is not rotated: enable_key_rotation is not set",
		"fix": {"op": "add", "path": ["resources", 0, "values", "enable_key_rotation"], "value": true},
	}} with input as _key("aws_kms_key", {"description": "orders"})
	{found.message | some found in rule.deny} == {"key aws_kms_key.x is not rotated: enable_key_rotation is false"} with input as _key("aws_kms_key", {"enable_key_rotation": false, "key_usage": "ENCRYPT_DECRYPT"})
	count(rule.deny) == 1 with input as _key("aws_kms_key", {"enable_key_rotation": ""})
}

test_google_and_azure if {
	{found.path[3] | some found in rule.deny} == {"rotation_period"} with input as _key("google_kms_crypto_key", {"name": "orders"})
	{found.path[3] | some found in rule.deny} == {"rotation_policy"} with input as _key("azurerm_key_vault_key", {"name": "orders"})
}

test_other_clouds if {
	{found.message | some found in rule.deny} == {"key is not rotated: automatic_rotation of alicloud_kms_key.x is not set"} with input as _key("alicloud_kms_key", {"description": "orders"})
	rule.deny == set() with input as _key("alicloud_kms_key", {"automatic_rotation": "Enabled"})
	rule.deny == set() with input as _key("alicloud_kms_key", {"key_spec": "RSA_2048"})
	count(rule.deny) == 1 with input as _key("yandex_kms_symmetric_key", {"name": "orders"})
}

test_silent if {
	every values in [
		{"enable_key_rotation": true},
		{"enable_key_rotation": {"$unknown": ["var.rotate"]}},
		{"customer_master_key_spec": "RSA_4096"},
		{"customer_master_key_spec": {"$unknown": []}},
		{"key_usage": "SIGN_VERIFY"},
		{"is_enabled": false},
		{"origin": "EXTERNAL"},
		{"origin": {"$unknown": ["var.origin"]}},
	] {
		rule.deny == set() with input as _key("aws_kms_key", values)
	}
	every values in [
		{"rotation_period": "7776000s"},
		{"rotation_period": {"$unknown": []}},
		{"purpose": "ASYMMETRIC_SIGN"},
		{"import_only": true},
		{"skip_initial_version_creation": true},
	] {
		rule.deny == set() with input as _key("google_kms_crypto_key", values)
	}
	rule.deny == set() with input as _key("azurerm_key_vault_key", {"rotation_policy": [{"expire_after": "P90D"}]})
	rule.deny == set() with input as _key("aws_kms_alias", {})
}

test_what_another_key_manager_keeps if {
	every level, count_of in {"EXTERNAL": 0, "EXTERNAL_VPC": 0, "HSM": 1} {
		found := rule.deny with input as {"resources": [{"address": "google_kms_crypto_key.x", "type": "google_kms_crypto_key", "name": "x", "mode": "managed", "values": {"version_template": [{"protection_level": level}]}}]}
		count(found) == count_of
	}
}

test_in_one_case if {
	rule.deny == {{
		"path": ["resources", 0, "values", "enable_key_rotation", "$candidates", 1],
		"subject": "aws_kms_key.x",
		"message": "key aws_kms_key.x may not be rotated: enable_key_rotation can be false",
	}} with input as _key("aws_kms_key", {"enable_key_rotation": {"$unknown": ["var.x"], "$candidates": [true, false]}})
}
