package policyctl.terraform.rotation_interval_too_long_test

import data.policyctl.terraform.rotation_interval_too_long as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_too_rare if {
	rule.deny == {{
		"path": ["resources", 0, "values", "rotation_rules", 0, "automatically_after_days"],
		"subject": "aws_secretsmanager_secret_rotation.x",
		"message": "rotation is too rare: rotation_rules.automatically_after_days of aws_secretsmanager_secret_rotation.x is 365",
	}} with input as _module("aws_secretsmanager_secret_rotation", {"rotation_rules": [{"automatically_after_days": 365}]})
	_reported("google_kms_crypto_key", {"rotation_period": "63072000s"}) == {"rotation_period"}
	_reported("azurerm_key_vault_key", {"rotation_policy": [{"expire_after": "P2Y"}]}) == {"rotation_policy.0.expire_after"}
	_reported("aws_secretsmanager_secret_rotation", {"rotation_rules": [{"schedule_expression": "rate(120 days)"}]}) == {"rotation_rules.0.schedule_expression"}
}

test_silent if {
	_reported("aws_secretsmanager_secret_rotation", {"rotation_rules": [{"automatically_after_days": 30}]}) == set()
	_reported("aws_secretsmanager_secret_rotation", {"rotation_rules": [{"automatically_after_days": {"$unknown": ["var.days"], "$type": "number"}}]}) == set()
	_reported("google_kms_crypto_key", {"rotation_period": "7776000s"}) == set()
	_reported("azurerm_key_vault_key", {"rotation_policy": [{"expire_after": "P90D"}]}) == set()
}

test_schedules if {
	every schedule in ["rate(100 days)", "rate(2400 hours)", "cron(0 16 1 1 ? *)", "cron(0 16 1 JAN,JUL ? *)", "cron(0 16 1 */6 ? *)"] {
		_reported("aws_secretsmanager_secret_rotation", {"rotation_rules": [{"schedule_expression": schedule}]}) == {"rotation_rules.0.schedule_expression"}
	}
	every schedule in ["rate(90 days)", "rate(720 hours)", "cron(0 16 1 * ? *)", "cron(0 16 ? * 2#1 *)", "cron(0 16 1 1,4,7,10 ? *)", "cron(0 16 1 1/2 ? *)"] {
		_reported("aws_secretsmanager_secret_rotation", {"rotation_rules": [{"schedule_expression": schedule}]}) == set()
	}
}
