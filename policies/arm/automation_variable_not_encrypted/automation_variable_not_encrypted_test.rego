package policyctl.arm.automation_variable_not_encrypted_test

import data.policyctl.arm.automation_variable_not_encrypted as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_by_name if {
	count(rule.deny) == 1 with input as {"resources": [{"address": "x", "type": "Microsoft.Automation/automationAccounts/variables", "name": "a/dbPassword", "values": {}}]}
}

test_fires if {
	_in("Microsoft.Automation/automationAccounts/variables", {"properties": {"isEncrypted": false, "value": {"$unknown": ["parameters.pw"]}}}) == {"properties.isEncrypted"}
}

test_silent if {
	_in("Microsoft.Automation/automationAccounts/variables", {"properties": {"isEncrypted": true, "value": {"$unknown": ["parameters.pw"]}}}) == set()
	_in("Microsoft.Automation/automationAccounts/variables", {"properties": {"value": "eu"}}) == set()
}
