package policyctl.cloudformation.public_database_test

import data.policyctl.cloudformation.public_database as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_public if {
	every type in ["AWS::RDS::DBInstance", "AWS::Redshift::Cluster"] {
		_in(type, {"PubliclyAccessible": "true"}) == {"PubliclyAccessible"}
	}
}

test_silent if {
	every value in [false, {"$unknown": ["Parameters.P"]}] {
		_in("AWS::RDS::DBInstance", {"PubliclyAccessible": value}) == set()
	}
	_in("AWS::RDS::DBInstance", {}) == set()
}
