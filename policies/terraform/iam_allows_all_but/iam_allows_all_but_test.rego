package policyctl.terraform.iam_allows_all_but_test

import data.policyctl.terraform.iam_allows_all_but as rule

_policy(statement) := {"resources": [{"address": "aws_iam_policy.x", "type": "aws_iam_policy", "name": "x", "mode": "managed", "values": {"policy$json": {"Statement": [statement]}}}]}

test_all_but if {
	rule.deny == {{
		"path": ["resources", 0, "values", "policy$json", "Statement", 0, "NotAction"],
		"subject": "aws_iam_policy.x",
		"message": "aws_iam_policy.x allows every action but those that it names",
		"targets": {
			"the rest", "kms:decrypt", "secretsmanager:batchgetsecretvalue", "secretsmanager:getsecretvalue", "ssm:getparameter", "ssm:getparameters", "ssm:getparametersbypath",
		},
	}} with input as _policy({"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"})
}

test_silent if {
	rule.deny == set() with input as _policy({"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*"})
	rule.deny == set() with input as _policy({"Effect": "Allow", "NotAction": ["s3:DeleteObject"], "Resource": "arn:aws:s3:::orders/*"})
	rule.deny == set() with input as _policy({"Effect": "Allow", "Action": ["s3:*"], "Resource": "*"})
}

test_fewer_exceptions_are_more if {
	all := {target | some found in rule.deny; some target in found.targets} with input as _policy({"Effect": "Allow", "NotAction": ["iam:*", "ssm:*"], "Resource": "*"})
	fewer := {target | some found in rule.deny; some target in found.targets} with input as _policy({"Effect": "Allow", "NotAction": ["ssm:*"], "Resource": "*"})
	"iam:createaccesskey" in (fewer - all)
	all - fewer == set()
}
