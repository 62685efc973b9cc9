package policyctl.terraform.weak_password_policy_test

import data.policyctl.terraform.weak_password_policy as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_weak if {
	rule.deny == {{
		"path": ["resources", 0, "values", "minimum_password_length"],
		"subject": "aws_iam_account_password_policy.x",
		"message": "passwords may be weak: minimum_password_length of aws_iam_account_password_policy.x is 8",
	}} with input as _module("aws_iam_account_password_policy", {"minimum_password_length": 8, "password_reuse_prevention": 24})
	_reported("aws_iam_account_password_policy", {"minimum_password_length": "14", "require_symbols": false}) == {"require_symbols", "password_reuse_prevention"}
	_reported("aws_cognito_user_pool", {"password_policy": [{"minimum_length": 6}]}) == {"password_policy.0.minimum_length"}
}

test_silent if {
	_reported("aws_iam_account_password_policy", {"minimum_password_length": 16, "password_reuse_prevention": {"$unknown": ["var.reuse"], "$type": "number"}}) == set()
	_reported("aws_cognito_user_pool", {}) == set()
}
