package policyctl.arm.parameter_secret_default_test

import data.policyctl.arm.parameter_secret_default as rule

_default(parameter) := {"parameters": [object.union({"type": "string", "secure": false}, parameter)]}

test_defaults if {
	rule.deny == {{"path": ["parameters", 0, "default"], "subject": "dbPassword", "message": "the default of parameter dbPassword is a literal credential"}} with input as _default({"name": "dbPassword", "default": "correct-horse"})
	count(rule.deny) == 1 with input as _default({"name": "x", "secure": true, "default": "correct-horse"})
	count(rule.deny) == 1 with input as _default({"name": "x", "type": "object", "default": {"clientSecret": "correct-horse"}})
}

test_files if {
	rule.deny == {{"path": ["parameter_values", 0, "value"], "subject": "dbPassword", "message": "the value of parameter dbPassword is a literal credential"}} with input as {"parameter_values": [{"name": "dbPassword", "value": "correct-horse"}, {"name": "apiToken", "value": {"$unknown": ["keyVault.x"]}}, {"name": "env", "value": "correct-horse"}]}
}

test_silent if {
	every parameter in [
		{"name": "dbPassword"}, {"name": "dbPassword", "default": ""}, {"name": "dbPassword", "default": {"$unknown": ["newGuid"]}},
		{"name": "env", "default": "correct-horse"}, {"name": "passwordLength", "type": "int", "default": 12}, {"name": "x", "secure": true, "default": "$(token)"},
	] {
		count(rule.deny) == 0 with input as _default(parameter)
	}
}
