package policyctl.terraform.user_with_console_password_test

import data.policyctl.terraform.user_with_console_password as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_a_profile if {
	rule.deny == {{
		"path": ["resources", 0, "values"],
		"at": "key",
		"subject": "aws_iam_user_login_profile.x",
		"message": "aws_iam_user_login_profile.x gives a user a password for the console",
	}} with input as _module("aws_iam_user_login_profile", {"user": "ops"})
}

test_silent if _reported("aws_iam_user", {"name": "ops"}) == set()
