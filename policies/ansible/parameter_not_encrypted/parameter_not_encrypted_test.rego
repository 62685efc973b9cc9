package policyctl.ansible.parameter_not_encrypted_test

import data.policyctl.ansible.parameter_not_encrypted as rule

_input(args) := {"tasks": [{"name": "Keep", "module": "ssm_parameter", "args": args}]}

test_plain if {
	rule.deny == {{"path": ["tasks", 0, "args", "string_type"], "subject": "Keep", "message": "task Keep keeps /orders/db-password as a parameter of type String"}} with input as _input({"name": "/orders/db-password", "value": "{{ vault_password }}"})
	count(rule.deny) == 1 with input as _input({"name": "/orders/api_token", "value": "{{ x }}", "string_type": "StringList"})
}

test_silent if {
	every args in [
		{"name": "/orders/db-password", "value": "{{ x }}", "string_type": "SecureString"},
		{"name": "/orders/db-password", "value": "{{ x }}", "string_type": "{{ type }}"},
		{"name": "/orders/db-password", "state": "absent"},
		{"name": "/orders/token-url", "value": "https://orders.example/token"},
		{"name": "{{ name }}", "value": "{{ x }}"},
	] {
		rule.deny == set() with input as _input(args)
	}
}
