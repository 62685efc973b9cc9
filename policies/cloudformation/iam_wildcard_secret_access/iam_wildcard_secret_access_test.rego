package policyctl.cloudformation.iam_wildcard_secret_access_test

import data.policyctl.cloudformation.iam_wildcard_secret_access as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

_statement(statement) := _in("AWS::IAM::Policy", {"PolicyDocument": {"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}, object.union({"Effect": "Allow", "Resource": "*"}, statement)]}})

test_statements if {
	_statement({"Action": "secretsmanager:GetSecretValue"}) == {"PolicyDocument.Statement.1.Action"}
	_statement({"Action": ["s3:Get*", "ssm:Get*"], "Resource": ["*"]}) == {"PolicyDocument.Statement.1.Action.1"}
	_statement({"Action": "kms:Decrypt", "Resource": {"$unknown": ["AWS::Region"], "$text": "arn:aws:kms:${AWS::Region}:1:key/*"}}) == {"PolicyDocument.Statement.1.Action"}
}

test_silent if {
	_statement({"Action": "secretsmanager:ListSecrets"}) == set()
	_statement({"Action": "secretsmanager:GetSecretValue", "Resource": {"$unknown": ["Resources.S"]}}) == set()
	_statement({"Action": "kms:Decrypt", "Condition": {"StringEquals": {"kms:ViaService": "x"}}}) == set()
}

test_everything_is_another_rules if {
	_statement({"Action": "*"}) == set()
	_statement({"Action": ["*", "ssm:*"]}) == {"PolicyDocument.Statement.1.Action.1"}
	_statement({"Action": "*", "Resource": "arn:aws:secretsmanager:eu-west-1:1:secret:*"}) == {"PolicyDocument.Statement.1.Action"}
}

test_policies_of_aws_itself if {
	_in("AWS::IAM::Role", {"ManagedPolicyArns": ["arn:aws:iam::1:policy/PowerUserAccess", {"$unknown": ["AWS::Partition"], "$text": "arn:${AWS::Partition}:iam::aws:policy/PowerUserAccess"}]}) == {"ManagedPolicyArns.1.$text"}
}

test_targets if {
	template := _template("AWS::IAM::Policy", {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": ["ssm:Get*", "s3:Get*"], "Resource": "*"}]}})
	{target | some found in rule.deny; some target in found.targets} == {"ssm:get*"} with input as template
}
