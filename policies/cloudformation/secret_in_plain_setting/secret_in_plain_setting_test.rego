package policyctl.cloudformation.secret_in_plain_setting_test

import data.policyctl.cloudformation.secret_in_plain_setting as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": [{"name": "P", "no_echo": true}, {"name": "Q", "no_echo": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_functions if {
	rule.deny == {{
		"path": ["resources", 0, "values", "Environment", "Variables", "DB"],
		"subject": "X",
		"message": "Environment.Variables.DB of X has a secret of Secrets Manager in clear text",
	}} with input as _template("AWS::Lambda::Function", {"Environment": {"Variables": {"A": "b", "DB": {"$unknown": ["resolve:secretsmanager:db"]}}}})
}

test_containers_and_machines if {
	_in("AWS::ECS::TaskDefinition", {"ContainerDefinitions": [{"Environment": [{"Name": "A", "Value": {"$unknown": ["Parameters.P"]}}]}]}) == {"ContainerDefinitions.0.Environment.0.Value"}
	_in("AWS::EC2::Instance", {"UserData": {"$unknown": ["AWS::Region", "Parameters.P"], "$text": "x"}}) == {"UserData"}
}

test_silent if {
	_in("AWS::Lambda::Function", {"Environment": {"Variables": {"A": {"$unknown": ["Parameters.Q"]}, "B": {"$unknown": ["Resources.Secret"]}}}}) == set()
	_in("AWS::RDS::DBInstance", {"MasterUserPassword": {"$unknown": ["resolve:secretsmanager:db"]}}) == set()
	_in("AWS::ECS::TaskDefinition", {"ContainerDefinitions": [{"Secrets": [{"Name": "A", "ValueFrom": {"$unknown": ["Parameters.P"]}}]}]}) == set()
}
