package policyctl.terraform.iam_privilege_escalation_test

import data.policyctl.terraform.iam_privilege_escalation as rule

_policies(statements) := {"resources": [{"address": "aws_iam_policy.x", "type": "aws_iam_policy", "name": "x", "mode": "managed", "values": {"policy$json": {"Statement": statements}}}]}

_allow(actions) := {"Effect": "Allow", "Action": actions, "Resource": "*"}

test_alone if {
	rule.deny == {{
		"path": ["resources", 0, "values", "policy$json", "Statement", 1, "Action", 1],
		"subject": "aws_iam_policy.x",
		"message": "aws_iam_policy.x lets its holder have any permission: iam:CreateAccessKey",
		"targets": {"iam:CreateAccessKey"},
	}} with input as _policies([_allow("s3:ListBucket"), _allow(["iam:GetUser", "iam:CreateAccessKey"])])
}

test_in_one_case if {
	{found.message | some found in rule.deny} == {"aws_iam_policy.x may let its holder have any permission: iam:CreateAccessKey"} with input as _policies([_allow({"$unknown": ["var.x"], "$candidates": ["iam:CreateAccessKey", "iam:GetUser"]})])
}

test_together if {
	{found.message | some found in rule.deny} == {"aws_iam_policy.x lets its holder have any permission: iam:PassRole, iam:PassRole with ec2:RunInstances"} with input as _policies([_allow("iam:Pass*"), _allow("ec2:*")])
}

test_silent if {
	every statements in [
		[_allow("ec2:*")],
		[_allow("iam:*")],
		[{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::1:role/orders"}],
		[{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}],
		[{"Effect": "Allow", "Action": "iam:PassRole", "Resource": {"$unknown": ["aws_iam_role.x.arn"]}}],
		[_allow({"$unknown": ["var.actions"]})],
	] {
		rule.deny == set() with input as _policies(statements)
	}
}
