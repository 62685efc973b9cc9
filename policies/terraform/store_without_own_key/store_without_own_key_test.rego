package policyctl.terraform.store_without_own_key_test

import data.policyctl.terraform.store_without_own_key as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_not_set if {
	rule.deny == {{
		"path": ["resources", 0, "values", "kms_key_id"],
		"subject": "aws_secretsmanager_secret.x",
		"message": "no key of your own guards the data: kms_key_id of aws_secretsmanager_secret.x is not set",
	}} with input as _module("aws_secretsmanager_secret", {"name": "orders"})
	_reported("aws_ssm_parameter", {"type": "SecureString", "key_id": "alias/aws/ssm"}) == {"key_id"}
	_reported("google_secret_manager_secret", {"replication": [{"auto": [{}]}]}) == {"replication.0.auto.0.customer_managed_encryption"}
}

test_silent if {
	_reported("aws_secretsmanager_secret", {"kms_key_id": {"$unknown": ["aws_kms_key.x.arn"]}}) == set()
	_reported("aws_secretsmanager_secret", {"kms_key_id": "alias/orders"}) == set()
	_reported("aws_ssm_parameter", {"type": "String"}) == set()
	_reported("google_secret_manager_secret", {"replication": [{"auto": [{"customer_managed_encryption": [{"kms_key_name": "orders"}]}]}]}) == set()
}

test_variables_of_functions if {
	_reported("aws_lambda_function", {"environment": [{"variables": {"LEVEL": "info"}}]}) == {"kms_key_arn"}
	_reported("aws_lambda_function", {"environment": [{"variables": {"LEVEL": "info"}}], "kms_key_arn": {"$unknown": ["aws_kms_key.x.arn"]}}) == set()
	_reported("aws_lambda_function", {"function_name": "orders"}) == set()
	_reported("aws_lambda_function", {"environment": [{"variables": {}}]}) == set()
}
