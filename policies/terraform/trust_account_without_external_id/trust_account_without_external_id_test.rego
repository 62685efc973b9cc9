package policyctl.terraform.trust_account_without_external_id_test

import data.policyctl.terraform.trust_account_without_external_id as rule

_role(statement) := {"resources": [{"address": "aws_iam_role.x", "type": "aws_iam_role", "name": "x", "mode": "managed", "values": {"assume_role_policy$json": {"Statement": [statement]}}}]}

_trust(principal) := {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}

test_an_account if {
	rule.deny == {{
		"path": ["resources", 0, "values", "assume_role_policy$json", "Statement", 0, "Principal"],
		"subject": "aws_iam_role.x",
		"message": "aws_iam_role.x trusts every identity of the account of arn:aws:iam::111122223333:root",
	}} with input as _role(_trust({"AWS": ["arn:aws:iam::111122223333:role/deploy", "arn:aws:iam::111122223333:root"]}))
	count(rule.deny) == 1 with input as _role(_trust({"AWS": "111122223333"}))
}

test_silent if {
	every statement in [
		_trust({"AWS": "arn:aws:iam::111122223333:role/deploy"}),
		_trust({"AWS": {"$unknown": ["data.aws_caller_identity.current.account_id"]}}),
		object.union(_trust({"AWS": "111122223333"}), {"Condition": {"StringEquals": {"sts:ExternalId": "orders"}}}),
		object.union(_trust({"AWS": "111122223333"}), {"Action": "kms:*"}),
	] {
		rule.deny == set() with input as _role(statement)
	}
}
