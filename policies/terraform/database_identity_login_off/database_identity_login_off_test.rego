package policyctl.terraform.database_identity_login_off_test

import data.policyctl.terraform.database_identity_login_off as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_off if {
	rule.deny == {{
		"path": ["resources", 0, "values", "iam_database_authentication_enabled"],
		"subject": "aws_db_instance.x",
		"message": "nobody logs in by identity: iam_database_authentication_enabled of aws_db_instance.x is not set",
	}} with input as _module("aws_db_instance", {"engine": "postgres"})
}

test_silent if {
	_reported("aws_db_instance", {"engine": "oracle-ee"}) == set()
	_reported("aws_db_instance", {"engine": {"$unknown": ["var.engine"]}}) == set()
	_reported("aws_db_instance", {"engine": "mysql", "iam_database_authentication_enabled": true}) == set()
}
