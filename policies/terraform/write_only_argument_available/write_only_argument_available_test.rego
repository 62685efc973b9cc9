package policyctl.terraform.write_only_argument_available_test

import data.policyctl.terraform.write_only_argument_available as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_available if {
	rule.deny == {{
		"path": ["resources", 0, "values", "secret_string"],
		"subject": "aws_secretsmanager_secret_version.x",
		"message": "secret_string of aws_secretsmanager_secret_version.x is kept in the state: secret_string_wo is not",
	}} with input as _module("aws_secretsmanager_secret_version", {"secret_string": {"$unknown": ["var.db_password"]}})
}

test_silent if {
	_reported("aws_secretsmanager_secret_version", {"secret_string_wo": {"$unknown": ["var.db_password"]}}) == set()
	_reported("aws_db_instance", {"manage_master_user_password": true}) == set()
	_reported("aws_db_instance", {"password": ""}) == set()
	_reported("aws_ssm_parameter", {"type": "String", "value": "ami-0abc"}) == set()
}
