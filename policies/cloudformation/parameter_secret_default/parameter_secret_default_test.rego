package policyctl.cloudformation.parameter_secret_default_test

import data.policyctl.cloudformation.parameter_secret_default as rule

_default(parameter) := {"parameters": [object.union({"type": "String", "no_echo": false}, parameter)]}

test_by_name if {
	rule.deny == {{"path": ["parameters", 0, "default"], "subject": "DbPassword", "message": "the default of parameter DbPassword is a literal credential"}} with input as _default({"name": "DbPassword", "default": "correct-horse"})
}

test_by_no_echo if {
	count(rule.deny) == 1 with input as _default({"name": "Value", "no_echo": true, "default": "correct-horse"})
}

test_by_use if {
	template := object.union(_default({"name": "Value", "default": "correct-horse"}), {"resources": [{
		"id": "X", "type": "T", "values": {"MasterUserPassword": "correct-horse"},
		"derived": [{"path": ["values", "MasterUserPassword"], "from": ["Parameters.Value"]}],
	}]})
	count(rule.deny) == 1 with input as template
}

test_values_in_files if {
	rule.deny == {{"path": ["parameter_values", 1, "value"], "subject": "DbPassword", "message": "the value of parameter DbPassword is a literal credential"}} with input as {"parameter_values": [
		{"name": "Region", "value": "correct-horse"},
		{"name": "DbPassword", "value": "correct-horse"},
		{"name": "ApiToken", "value": {"$unknown": ["resolve:ssm-secure:x"]}},
	]}
}

test_silent if {
	every parameter in [
		{"name": "DbPassword"}, {"name": "DbPassword", "default": ""}, {"name": "DbPassword", "default": {"$unknown": ["resolve:ssm-secure:x"]}},
		{"name": "DbPasswordLength", "default": "correct-horse"}, {"name": "DbPassword", "type": "AWS::SSM::Parameter::Value<String>", "default": "/prod/password"},
		{"name": "PasswordLimit", "type": "Number", "no_echo": true, "default": 12345},
	] {
		count(rule.deny) == 0 with input as _default(parameter)
	}
}
