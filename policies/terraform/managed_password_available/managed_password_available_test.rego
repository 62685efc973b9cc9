package policyctl.terraform.managed_password_available_test

import data.policyctl.terraform.managed_password_available as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_by_hand if {
	rule.deny == {{
		"path": ["resources", 0, "values", "password"],
		"subject": "aws_db_instance.x",
		"message": "password of aws_db_instance.x is set by hand: the service could make and rotate it",
	}} with input as _module("aws_db_instance", {"password": {"$unknown": ["random_password.x.result"]}})
}

test_silent if {
	_reported("aws_db_instance", {"manage_master_user_password": true}) == set()
	_reported("aws_db_instance", {"password": ""}) == set()
}
