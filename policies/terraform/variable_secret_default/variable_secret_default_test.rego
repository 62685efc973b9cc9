package policyctl.terraform.variable_secret_default_test

import data.policyctl.terraform.variable_secret_default as rule

_variable(variable) := {"variables": [object.union({"sensitive": false, "ephemeral": false}, variable)]}

test_a_default if {
	rule.deny == {{
		"path": ["variables", 0, "default"],
		"subject": "var.db_password",
		"message": "the default of variable db_password is a literal credential",
	}} with input as _variable({"name": "db_password", "type": "string", "default": "correct-horse-battery"})
}

test_a_sensitive_variable_of_any_name if {
	count(rule.deny) == 1 with input as _variable({"name": "pepper", "sensitive": true, "default": "correct-horse-battery"})
}

test_a_part_of_a_default if {
	{found.path | some found in rule.deny} == {["variables", 0, "default", "password"], ["variables", 0, "default", "nested", 0, "token"]} with input as _variable({
		"name": "db",
		"default": {"user": "orders", "password": "correct-horse-battery", "nested": [{"token": "correct-horse-battery"}]},
	})
}

test_a_default_that_is_decided_later if {
	{found.path | some found in rule.deny} == {["variables", 0, "default", "$candidates", 0]} with input as _variable({
		"name": "password",
		"default": {"$unknown": [], "$candidates": ["correct-horse-battery"]},
	})
}

test_a_tfvars_file if {
	rule.deny == {{
		"path": ["tfvars", 0, "values", "db_password"],
		"subject": "var.db_password",
		"message": "the value of variable db_password is a literal credential",
	}} with input as {"tfvars": [{"file": "prod.tfvars", "loaded": false, "values": {"db_password": "correct-horse-battery", "region": "eu-west-1"}}]}
	count(rule.deny) == 1 with input as {
		"variables": [{"name": "pepper", "sensitive": true}],
		"tfvars": [{"file": "prod.tfvars", "loaded": true, "values": {"pepper": "correct-horse-battery"}}],
	}
}

test_silent if {
	every variable in [
		{"name": "db_password"},
		{"name": "db_password", "default": ""},
		{"name": "db_password", "default": "your-password-here"},
		{"name": "db_password", "default": {"$unknown": []}},
		{"name": "db_password_length", "default": "24"},
		{"name": "db_password_secret_arn", "default": "arn:aws:secretsmanager:eu-west-1:1:secret:db"},
		{"name": "db_secret", "default": "orders/db-credentials"},
		{"name": "rotate_secret", "type": "bool", "default": "true"},
		{"name": "token", "type": "number", "default": "correct"},
		{"name": "db_username", "sensitive": true, "default": "orders"},
		{"name": "region", "default": "eu-west-1"},
		{"name": "secrets", "default": ["orders", "billing"]},
		{"name": "password", "default": 5},
	] {
		rule.deny == set() with input as _variable(variable)
	}
}

test_the_bare_word_is_a_credential if {
	count(rule.deny) == 1 with input as _variable({"name": "secret", "default": "correct-horse-battery"})
}
