package policyctl.cloudformation.iam_wildcard_action_test

import data.policyctl.cloudformation.iam_wildcard_action as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

_statement(statement) := _in("AWS::IAM::Policy", {"PolicyDocument": {"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}, object.union({"Effect": "Allow", "Resource": "*"}, statement)]}})

test_statements if {
	_statement({"Action": ["s3:Get*", "s3:*"]}) == {"PolicyDocument.Statement.1.Action.1"}
}

test_silent if {
	_statement({"Action": "s3:Get*"}) == set()
	_statement({"Action": "s3:*", "Resource": "arn:aws:s3:::a/*"}) == set()
}

test_targets if {
	template := _template("AWS::IAM::Policy", {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": ["s3:*", "s3:Get*"], "Resource": "*"}]}})
	{target | some found in rule.deny; some target in found.targets} == {"s3:*"} with input as template
}
