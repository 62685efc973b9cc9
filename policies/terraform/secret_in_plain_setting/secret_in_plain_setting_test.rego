package policyctl.terraform.secret_in_plain_setting_test

import data.policyctl.terraform.secret_in_plain_setting as rule

_module(resource) := {
	"resources": [object.union({"name": "x", "mode": "managed", "address": $"{resource.type}.x"}, resource)],
	"variables": [{"name": "db_password", "reference": "var.db_password", "sensitive": true}],
}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module({"type": type, "values": values})
}

_secret := {"$unknown": ["var.db_password"]}

test_environments if {
	rule.deny == {{
		"path": ["resources", 0, "values", "environment", 0, "variables", "DB"],
		"subject": "aws_lambda_function.x",
		"message": "environment.variables.DB of aws_lambda_function.x holds var.db_password in clear text",
	}} with input as _module({"type": "aws_lambda_function", "values": {"environment": [{"variables": {"DB": _secret, "LEVEL": "info"}}]}})
	_reported("aws_ecs_task_definition", {"container_definitions$json": [{"environment": [{"name": "A", "value": "x"}, {"name": "DB", "value": _secret}]}]}) == {"container_definitions$json.0.environment.1.value"}
	_reported("azurerm_linux_web_app", {"app_settings": {"DB": _secret}}) == {"app_settings.DB"}
	_reported("azurerm_container_group", {"container": [{"secure_environment_variables": {"DB": _secret}}, {"environment_variables": {"DB": _secret}}]}) == {"container.1.environment_variables.DB"}
}

test_scripts_and_releases if {
	_reported("aws_instance", {"user_data": _secret}) == {"user_data"}
	_reported("helm_release", {"set": [{"name": "a", "value": "x"}, {"name": "db", "value": _secret}], "values": [_secret]}) == {"set.1.value", "values.0"}
}

test_silent if {
	_reported("aws_lambda_function", {"environment": [{"variables": {"DB_SECRET_ARN": {"$unknown": ["aws_secretsmanager_secret.x.arn"]}}}]}) == set()
	_reported("aws_lambda_function", {"environment": [{"variables": {"$unknown": ["var.settings"]}}]}) == set()
	_reported("helm_release", {"set_sensitive": [{"name": "db", "value": _secret}]}) == set()
	_reported("aws_db_instance", {"password": _secret}) == set()
}
