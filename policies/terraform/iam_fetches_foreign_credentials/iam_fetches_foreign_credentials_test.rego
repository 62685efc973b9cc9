package policyctl.terraform.iam_fetches_foreign_credentials_test

import data.policyctl.terraform.iam_fetches_foreign_credentials as rule

_policy(statement) := {"resources": [{"address": "aws_iam_policy.x", "type": "aws_iam_policy", "name": "x", "mode": "managed", "values": {"policy$json": {"Statement": [statement]}}}]}

test_any_role if {
	rule.deny == {{
		"path": ["resources", 0, "values", "policy$json", "Statement", 0, "Action", 1],
		"subject": "aws_iam_policy.x",
		"message": "aws_iam_policy.x allows sts:AssumeRole on every resource: its holder can be anybody",
		"targets": ["sts:assumerole"],
	}} with input as _policy({"Effect": "Allow", "Action": ["s3:ListBucket", "sts:AssumeRole"], "Resource": ["*"]})
}

test_silent if {
	every statement in [
		{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::1:role/deploy"},
		{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"},
		{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}},
		{"Effect": "Allow", "Action": "*", "Resource": "*"},
		{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": {"$unknown": ["var.roles"]}},
	] {
		rule.deny == set() with input as _policy(statement)
	}
}

test_shells_of_machines if {
	count(rule.deny) == 1 with input as _policy({"Effect": "Allow", "Action": "ssm:StartSession", "Resource": "*"})
	rule.deny == set() with input as _policy({"Effect": "Allow", "Action": "ssm:StartSession", "Resource": "arn:aws:ec2:eu-west-1:1:instance/i-0abc"})
	rule.deny == set() with input as _policy({"Effect": "Allow", "Action": "ssm:StartSession", "Resource": "*", "Condition": {"StringLike": {"ssm:resourceTag/team": "orders"}}})
}
