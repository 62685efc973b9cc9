package policyctl.cloudformation.database_without_iam_auth_test

import data.policyctl.cloudformation.database_without_iam_auth as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_passwords if {
	_in("AWS::RDS::DBInstance", {"Engine": "postgres"}) == {"EnableIAMDatabaseAuthentication"}
	_in("AWS::Neptune::DBCluster", {"IamAuthEnabled": false}) == {"IamAuthEnabled"}
}

test_silent if {
	_in("AWS::RDS::DBInstance", {"EnableIAMDatabaseAuthentication": true}) == set()
	_in("AWS::RDS::DBInstance", {"Engine": "oracle-ee"}) == set()
	_in("AWS::RDS::DBInstance", {"DBClusterIdentifier": {"$unknown": ["Resources.C"]}}) == set()
}
