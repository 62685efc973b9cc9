package policyctl.cloudformation.trust_any_principal_test

import data.policyctl.cloudformation.trust_any_principal as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

_trust(statement) := _in("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}, object.union({"Effect": "Allow", "Action": "sts:AssumeRole"}, statement)]}})

test_everybody if {
	_trust({"Principal": "*"}) == {"AssumeRolePolicyDocument.Statement.1.Principal"}
	_trust({"Principal": {"AWS": ["arn:aws:iam::123456789012:role/a", "*"]}}) == {"AssumeRolePolicyDocument.Statement.1.Principal.AWS.1"}
}

test_silent if {
	_trust({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}) == set()
	_trust({"Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}) == set()
	_in("AWS::S3::BucketPolicy", {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}]}}) == set()
}
