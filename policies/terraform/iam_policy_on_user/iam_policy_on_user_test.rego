package policyctl.terraform.iam_policy_on_user_test

import data.policyctl.terraform.iam_policy_on_user as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_users if {
	rule.deny == {{
		"path": ["resources", 0, "values"],
		"at": "key",
		"subject": "aws_iam_user_policy.x",
		"message": "aws_iam_user_policy.x gives permissions to a single user",
	}} with input as _module("aws_iam_user_policy", {"user": "ops"})
	_reported("aws_iam_policy_attachment", {"users": ["ops"]}) == {"users.0"}
	_reported("google_project_iam_binding", {"members": ["group:ops@orders.example", "user:ops@orders.example"]}) == {"members.1"}
}

test_silent if {
	_reported("aws_iam_policy_attachment", {"roles": ["ops"]}) == set()
	_reported("google_project_iam_member", {"member": {"$unknown": ["var.member"]}}) == set()
}
