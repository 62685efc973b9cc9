package policyctl.cloudformation.trust_account_without_external_id_test

import data.policyctl.cloudformation.trust_account_without_external_id as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

_trust(statement) := _in("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}, object.union({"Effect": "Allow", "Action": "sts:AssumeRole"}, statement)]}})

test_accounts if {
	_trust({"Principal": {"AWS": ["arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:root"]}}) == {"AssumeRolePolicyDocument.Statement.1.Principal.AWS.1"}
	_trust({"Principal": {"AWS": "123456789012"}}) == {"AssumeRolePolicyDocument.Statement.1.Principal.AWS"}
}

test_silent if {
	_trust({"Principal": {"AWS": "123456789012"}, "Condition": {"StringEquals": {"sts:ExternalId": "x"}}}) == set()
	_trust({"Principal": {"AWS": {"$unknown": ["AWS::AccountId"], "$text": "arn:aws:iam::${AWS::AccountId}:root"}}}) == set()
}
