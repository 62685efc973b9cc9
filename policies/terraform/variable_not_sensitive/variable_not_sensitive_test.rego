package policyctl.terraform.variable_not_sensitive_test

import data.policyctl.terraform.variable_not_sensitive as rule

_variable(variable) := {"variables": [object.union({"sensitive": false, "ephemeral": false}, variable)]}

test_a_variable_for_a_password if {
	rule.deny == {{
		"path": ["variables", 0, "name"],
		"subject": "var.db_password",
		"message": "variable db_password takes a credential and is not declared sensitive",
		"fix": {"op": "add", "path": ["variables", 0, "sensitive"], "value": true},
	}} with input as _variable({"name": "db_password", "type": "string"})
	count(rule.deny) == 1 with input as _variable({"name": "db_password", "default": "correct-horse-battery"})
	count(rule.deny) == 1 with input as _variable({"name": "db_password", "default": ""})
}

test_silent if {
	every variable in [
		{"name": "db_password", "sensitive": true},
		{"name": "db_password", "ephemeral": true},
		{"name": "db_password", "sensitive": {"$unknown": []}},
		{"name": "db_password_arn"},
		{"name": "rotate_password", "type": "bool"},
		{"name": "app_token", "default": "arn:aws:secretsmanager:eu-west-1:1:secret:x"},
		{"name": "region"},
	] {
		rule.deny == set() with input as _variable(variable)
	}
}

_used(variable, values) := object.union(_variable(variable), {"resources": [{"address": "aws_db_instance.a", "type": "aws_db_instance", "name": "a", "mode": "managed", "values": values}]})

test_what_a_password_is_set_to if {
	rule.deny == {{
		"path": ["variables", 0, "name"],
		"subject": "var.pw",
		"message": "variable pw takes a credential, password of aws_db_instance.a, and is not declared sensitive",
		"fix": {"op": "add", "path": ["variables", 0, "sensitive"], "value": true},
		"related": [{"path": ["resources", 0, "values", "password"], "message": "used here"}],
	}} with input as _used({"name": "pw", "type": "string"}, {"password": {"$unknown": ["var.pw"]}})
	every variable in [{"name": "pw", "sensitive": true}, {"name": "pw_arn"}, {"name": "pw", "type": "bool"}, {"name": "other"}] {
		rule.deny == set() with input as _used(variable, {"password": {"$unknown": ["var.pw"]}})
	}
	every values in [{"password": {"$unknown": ["var.pw", "data.vault_kv_secret_v2.a.data"]}}, {"key_name": {"$unknown": ["var.pw"]}}, {"password": "correct-horse"}] {
		rule.deny == set() with input as _used({"name": "pw"}, values)
	}
}
