package policyctl.terraform.iam_reads_all_data_test

import data.policyctl.terraform.iam_reads_all_data as rule

_policy(statement) := {"resources": [{"address": "aws_iam_policy.x", "type": "aws_iam_policy", "name": "x", "mode": "managed", "values": {"policy$json": {"Statement": [statement]}}}]}

test_every_bucket if {
	rule.deny == {{
		"path": ["resources", 0, "values", "policy$json", "Statement", 0, "Action"],
		"subject": "aws_iam_policy.x",
		"message": "aws_iam_policy.x allows s3:* on every resource",
		"targets": ["s3:*"],
	}} with input as _policy({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
}

test_silent if {
	rule.deny == set() with input as _policy({"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::orders/*"})
	rule.deny == set() with input as _policy({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
	rule.deny == set() with input as _policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
}
