package policyctl.terraform.parameter_not_encrypted_test

import data.policyctl.terraform.parameter_not_encrypted as rule

_resource(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

test_aws if {
	rule.deny == {{
		"path": ["resources", 0, "values", "type"],
		"subject": "aws_ssm_parameter.x",
		"message": "parameter aws_ssm_parameter.x holds a secret and is of type String",
	}} with input as _resource("aws_ssm_parameter", {"name": "/orders/db_password", "type": "String", "value": {"$unknown": []}})
}

test_what_is_generated if {
	{found.message | some found in rule.deny} == {"parameter aws_ssm_parameter.x holds random_password.x.result and is of type String"} with input as _resource("aws_ssm_parameter", {"name": "/orders/db", "type": "String", "value": {"$unknown": ["random_password.x.result"]}})
	rule.deny == set() with input as _resource("aws_ssm_parameter", {"name": "/orders/db", "type": "String", "value": {"$unknown": ["aws_secretsmanager_secret.x.arn"]}})
}

test_azure if {
	rule.deny == {{
		"path": ["resources", 0, "values", "encrypted"],
		"subject": "azurerm_automation_variable_string.x",
		"message": "variable azurerm_automation_variable_string.x holds a secret and is not encrypted",
	}} with input as _resource("azurerm_automation_variable_string", {"name": "ApiToken"})
}

test_silent if {
	every values in [
		{"name": "/orders/db_password", "type": "SecureString"},
		{"name": "/orders/db_password", "type": {"$unknown": []}},
		{"name": "/orders/db_password_arn", "type": "String"},
		{"name": "/secrets/endpoint", "type": "String"},
		{"name": {"$unknown": []}, "type": "String"},
		{},
	] {
		rule.deny == set() with input as _resource("aws_ssm_parameter", values)
	}
	rule.deny == set() with input as _resource("azurerm_automation_variable_string", {"name": "ApiToken", "encrypted": true})
	rule.deny == set() with input as _resource("azurerm_automation_variable_string", {"name": "Region"})
}
