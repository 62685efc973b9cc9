package policyctl.terraform.key_deletion_window_short_test

import data.policyctl.terraform.key_deletion_window_short as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_short if {
	rule.deny == {{
		"path": ["resources", 0, "values", "deletion_window_in_days"],
		"subject": "aws_kms_key.x",
		"message": "what is deleted is gone soon: deletion_window_in_days of aws_kms_key.x is 7",
	}} with input as _module("aws_kms_key", {"deletion_window_in_days": 7})
	_reported("google_secret_manager_secret", {}) == {"version_destroy_ttl"}
}

test_silent if {
	_reported("aws_kms_key", {}) == set()
	_reported("aws_kms_key", {"deletion_window_in_days": 30}) == set()
	_reported("aws_kms_key", {"deletion_window_in_days": {"$unknown": ["var.days"]}}) == set()
}
