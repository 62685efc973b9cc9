package policyctl.terraform.trust_any_principal_test

import data.policyctl.terraform.trust_any_principal as rule

_role(statement) := {"resources": [{"address": "aws_iam_role.x", "type": "aws_iam_role", "name": "x", "mode": "managed", "values": {"assume_role_policy$json": {"Statement": [
	{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}},
	statement,
]}}}]}

_trust(principal) := {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}

test_wildcards if {
	rule.deny == {{
		"path": ["resources", 0, "values", "assume_role_policy$json", "Statement", 1, "Principal"],
		"subject": "aws_iam_role.x",
		"message": "aws_iam_role.x trusts every account: its principal is a wildcard and no condition says whose",
	}} with input as _role(_trust("*"))
	every principal in [{"AWS": "*"}, {"AWS": ["arn:aws:iam::1:root", "*"]}, {"AWS": "arn:aws:iam::*:root"}, {"*": ["*"]}] {
		count(rule.deny) == 1 with input as _role(_trust(principal))
	}
}

test_silent if {
	every statement in [
		_trust({"AWS": "arn:aws:iam::1:root"}),
		_trust({"AWS": {"$unknown": ["var.account"]}}),
		_trust({"$unknown": ["var.principal"]}),
		object.union(_trust("*"), {"Effect": "Deny"}),
		object.union(_trust("*"), {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-orders"}}}),
		object.union(_trust("*"), {"Condition": {"$unknown": []}}),
		object.union(_trust("*"), {"Action": "s3:GetObject"}),
	] {
		rule.deny == set() with input as _role(statement)
	}
	rule.deny == set() with input as {"resources": [{"address": "aws_vpc_endpoint.x", "type": "aws_vpc_endpoint", "name": "x", "mode": "managed", "values": {"policy$json": {"Statement": [{"Effect": "Allow", "Action": "*", "Principal": "*", "Resource": "*"}]}}}]}
}

test_modules_of_endpoints if {
	module := {"name": "endpoints", "source": "terraform-aws-modules/vpc/aws//modules/vpc-endpoints", "values": {"policy$json": {"Statement": [{"Effect": "Allow", "Action": "*", "Principal": "*", "Resource": "*"}]}}}
	rule.deny == set() with input as {"modules": [module]}
	count(rule.deny) == 1 with input as {"modules": [object.union(module, {"source": "orders/roles"})]}
}
