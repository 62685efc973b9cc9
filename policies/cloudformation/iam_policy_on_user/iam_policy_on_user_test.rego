package policyctl.cloudformation.iam_policy_on_user_test

import data.policyctl.cloudformation.iam_policy_on_user as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_users if {
	_in("AWS::IAM::User", {"Policies": [{"PolicyName": "a"}]}) == {"Policies"}
	_in("AWS::IAM::ManagedPolicy", {"Users": ["a"]}) == {"Users"}
	_in("AWS::IAM::UserPolicy", {"UserName": "a"}) == {"Users"}
}

test_silent if {
	_in("AWS::IAM::User", {"Groups": ["a"], "Policies": []}) == set()
	_in("AWS::IAM::Policy", {"Roles": ["a"]}) == set()
}
