package policyctl.cloudformation.parameter_not_encrypted_test

import data.policyctl.cloudformation.parameter_not_encrypted as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": [{"name": "P", "type": "String", "no_echo": true}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_parameters if {
	every reference in ["Parameters.P", "resolve:secretsmanager:db"] {
		_in("AWS::SSM::Parameter", {"Name": "/app/password", "Value": {"$unknown": [reference]}}) == {"Value"}
	}
}

test_references if {
	_in("AWS::RDS::DBInstance", {"MasterUserPassword": {"$unknown": ["resolve:ssm:/db/password"]}}) == {"MasterUserPassword"}
}

test_silent if {
	_in("AWS::SSM::Parameter", {"Name": "/app/region", "Value": {"$unknown": ["Parameters.P"]}}) == set()
	_in("AWS::SSM::Parameter", {"Name": "/app/password", "Value": {"$unknown": ["Resources.Secret"]}}) == set()
	_in("AWS::RDS::DBInstance", {"MasterUserPassword": {"$unknown": ["resolve:ssm-secure:/db/password"]}, "Engine": {"$unknown": ["resolve:ssm:/engine"]}}) == set()
}
