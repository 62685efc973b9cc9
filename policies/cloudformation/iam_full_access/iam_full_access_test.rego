package policyctl.cloudformation.iam_full_access_test

import data.policyctl.cloudformation.iam_full_access as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

_statement(statement) := _in("AWS::IAM::Policy", {"PolicyDocument": {"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}, object.union({"Effect": "Allow", "Resource": "*"}, statement)]}})

test_statements if {
	_statement({"Action": "*"}) == {"PolicyDocument.Statement.1.Action"}
	_statement({"Action": ["s3:Get*", "*"]}) == {"PolicyDocument.Statement.1.Action.1"}
	_statement({"NotAction": ["iam:*"]}) == {"PolicyDocument.Statement.1.NotAction.0"}
}

test_silent if {
	_statement({"Action": "s3:*"}) == set()
	_statement({"Action": "*", "Resource": {"$unknown": ["Resources.B"]}}) == set()
	_statement({"Action": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}) == set()
	_statement({"Action": "*", "Principal": {"AWS": "1"}}) == set()
}

test_managed_policies if {
	_in("AWS::IAM::Role", {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/AdministratorAccess"]}) == {"ManagedPolicyArns.1"}
	_in("AWS::IAM::Role", {"ManagedPolicyArns": [{"$unknown": ["Conditions.C"], "$candidates": ["arn:aws:iam::aws:policy/AdministratorAccess"]}]}) == {"ManagedPolicyArns.0.$candidates.0"}
	_in("AWS::Serverless::Function", {"Policies": "AdministratorAccess"}) == {"Policies"}
	_in("AWS::IAM::Role", {"ManagedPolicyArns": [{"$unknown": ["Parameters.P"]}, "arn:aws:iam::aws:policy/AdministratorAccess-Amplify"], "Policies": [{"PolicyName": "AdministratorAccess"}]}) == set()
}

test_targets if {
	template := _template("AWS::IAM::Policy", {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}})
	{target | some found in rule.deny; some target in found.targets} == {"*"} with input as template
}
