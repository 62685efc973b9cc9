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
