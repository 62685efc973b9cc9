package policyctl.cloudformation.iam_privilege_escalation_test

import data.policyctl.cloudformation.iam_privilege_escalation as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

_statement(statement) := _in("AWS::IAM::Policy", {"PolicyDocument": {"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}, object.union({"Effect": "Allow", "Resource": "*"}, statement)]}})

test_statements if {
	_statement({"Action": ["ec2:RunInstances", "iam:PassRole"]}) == {"PolicyDocument.Statement.1.Action.1"}
	_statement({"Action": "iam:*"}) == {"PolicyDocument.Statement.1.Action"}
}

test_silent if {
	_statement({"Action": "iam:Get*"}) == set()
	_statement({"Action": "iam:PassRole", "Resource": {"$unknown": ["Resources.Role.Arn"]}}) == set()
	_statement({"Action": "iam:PassRole", "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}}) == set()
}

test_targets if {
	template := _template("AWS::IAM::Policy", {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": ["iam:PassRole", "s3:Get*"], "Resource": "*"}]}})
	{target | some found in rule.deny; some target in found.targets} == {"iam:passrole"} with input as template
}
