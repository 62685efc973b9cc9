package policyctl.cloudformation.kms_rotation_disabled_test

import data.policyctl.cloudformation.kms_rotation_disabled as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_off if {
	_in("AWS::KMS::Key", {}) == {"EnableKeyRotation"}
	_in("AWS::KMS::Key", {"EnableKeyRotation": "false", "KeySpec": "SYMMETRIC_DEFAULT"}) == {"EnableKeyRotation"}
}

test_fix if {
	every properties, count_of in {{}: 0, {"Description": "x"}: 1, {"EnableKeyRotation": "false"}: 1} {
		found := rule.deny with input as _template("AWS::KMS::Key", properties)
		count([result.fix | some result in found]) == count_of
	}
}

test_silent if {
	every properties in [
		{"EnableKeyRotation": true}, {"EnableKeyRotation": {"$unknown": ["Parameters.P"]}}, {"KeySpec": "RSA_2048"}, {"KeyUsage": "GENERATE_VERIFY_MAC"},
		{"Origin": "EXTERNAL"}, {"Enabled": false},
	] {
		_in("AWS::KMS::Key", properties) == set()
	}
}
