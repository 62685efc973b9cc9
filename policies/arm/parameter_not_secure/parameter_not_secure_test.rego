package policyctl.arm.parameter_not_secure_test

import data.policyctl.arm.parameter_not_secure as rule

_template(parameter, properties) := {"parameters": [object.union({"type": "string", "secure": false}, parameter)], "resources": [{"address": "x", "type": "T/t", "values": properties}]}

test_by_name if {
	rule.deny == {{"path": ["parameters", 0, "name"], "subject": "adminPassword", "message": "parameter adminPassword takes a credential and is not secure", "related": []}} with input as _template({"name": "adminPassword"}, {})
}

test_by_use if {
	some found in rule.deny with input as _template({"name": "p"}, {"properties": {"administratorLoginPassword": {"$unknown": ["parameters.p"]}}})
	found.related == [{"path": ["resources", 0, "values", "properties", "administratorLoginPassword"], "message": "properties.administratorLoginPassword of x is given it"}]
}

test_silent if {
	every template in [
		_template({"name": "adminPassword", "secure": true}, {}), _template({"name": "secretName"}, {}), _template({"name": "disablePasswordAuthentication", "type": "bool"}, {}),
		_template({"name": "vaultName"}, {"properties": {"password": {"$unknown": ["parameters.vaultName", "reference()"]}}}),
	] {
		count(rule.deny) == 0 with input as template
	}
}
