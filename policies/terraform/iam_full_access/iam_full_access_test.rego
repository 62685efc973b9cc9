package policyctl.terraform.iam_full_access_test

import data.policyctl.terraform.iam_full_access as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

_policy(statement) := _module("aws_iam_role_policy", {"policy$json": {"Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}, statement]}})

test_every_action if {
	rule.deny == {{
		"path": ["resources", 0, "values", "policy$json", "Statement", 1, "Action"],
		"subject": "aws_iam_role_policy.x",
		"message": "aws_iam_role_policy.x allows every action on every resource",
		"targets": ["*"],
	}} with input as _policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
	{[found.message, found.path[7]] | some found in rule.deny} == {["aws_iam_role_policy.x allows iam:* on every resource", 1]} with input as _policy({"Effect": "Allow", "Action": ["s3:*", "iam:*"], "Resource": ["*"]})
}

test_attachments_that_a_condition_chooses if {
	_reported("aws_iam_role_policy_attachment", {"policy_arn": {"$unknown": ["var.admin"], "$candidates": ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/AdministratorAccess"]}}) == {"policy_arn.$candidates.1"}
}

test_modules_that_are_elsewhere if {
	module := {"name": "ci", "source": "terraform-aws-modules/iam/aws", "values": {"role_policy_arns": {"admin": "arn:aws:iam::aws:policy/AdministratorAccess"}, "policy$json": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}}
	{concat(".", [$"{part}" | some part in found.path]) | some found in rule.deny} == {"modules.0.values.role_policy_arns.admin", "modules.0.values.policy$json.Statement.0.Action"} with input as {"modules": [module]}
	rule.deny == set() with input as {"modules": [module], "resources": [{"address": "module.ci.aws_iam_role.x", "type": "aws_iam_role", "name": "x", "mode": "managed", "module": "module.ci", "values": {}}]}
}

test_attachments if {
	_reported("aws_iam_role_policy_attachment", {"policy_arn": "arn:aws-cn:iam::aws:policy/AdministratorAccess"}) == {"policy_arn"}
	_reported("aws_iam_role", {"managed_policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/IAMFullAccess"]}) == {"managed_policy_arns.1"}
	_reported("aws_iam_role_policy_attachment", {"policy_arn": {"$unknown": ["data.aws_partition.x.partition"], "$text": "arn:${data.aws_partition.x.partition}:iam::aws:policy/AdministratorAccess"}}) == {"policy_arn"}
	_reported("aws_ssoadmin_managed_policy_attachment", {"managed_policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"}) == {"managed_policy_arn"}
	_reported("azurerm_role_definition", {"permissions": [{"actions": ["*/read", "*"]}]}) == {"permissions.0.actions.1"}
}

test_silent if {
	every statement in [
		{"Effect": "Deny", "Action": "*", "Resource": "*"},
		{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::orders/*"},
		{"Effect": "Allow", "Action": "*", "Resource": {"$unknown": ["var.bucket"]}},
		{"Effect": "Allow", "Action": {"$unknown": ["var.actions"]}, "Resource": "*"},
		{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
		{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": {"AWS": "arn:aws:iam::1:root"}},
	] {
		rule.deny == set() with input as _policy(statement)
	}
	_reported("aws_iam_role_policy_attachment", {"policy_arn": {"$unknown": ["aws_iam_policy.x.arn"]}}) == set()
	_reported("aws_organizations_policy", {"content$json": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}) == set()
}

test_the_most_that_anybody_may_do if {
	document := {"address": "data.aws_iam_policy_document.d", "type": "aws_iam_policy_document", "name": "d", "mode": "data", "values": {"$document": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}}
	policy := {"address": "aws_organizations_policy.x", "type": "aws_organizations_policy", "name": "x", "mode": "managed", "values": {"content": {"$unknown": ["data.aws_iam_policy_document.d.json"]}}}
	rule.deny == set() with input as {"resources": [document, policy]}
	count(rule.deny) == 1 with input as {"resources": [document]}
}

test_a_policy_that_was_looked_up if {
	{found.message | some found in rule.deny} == {"aws_iam_role_policy_attachment.x attaches AdministratorAccess", "aws_iam_role_policy_attachment.z attaches IAMFullAccess"} with input as {"resources": [
		{"address": "data.aws_iam_policy.a", "type": "aws_iam_policy", "name": "a", "mode": "data", "values": {"arn": "arn:aws:iam::aws:policy/AdministratorAccess"}},
		{"address": "data.aws_iam_policy.n", "type": "aws_iam_policy", "name": "n", "mode": "data", "values": {"name": "IAMFullAccess"}},
		{"address": "aws_iam_role_policy_attachment.x", "type": "aws_iam_role_policy_attachment", "name": "x", "mode": "managed", "values": {"policy_arn": {"$unknown": ["data.aws_iam_policy.a.arn"]}}},
		{"address": "aws_iam_role_policy_attachment.y", "type": "aws_iam_role_policy_attachment", "name": "y", "mode": "managed", "values": {"policy_arn": {"$unknown": ["data.aws_iam_policy.b.arn"]}}},
		{"address": "aws_iam_role_policy_attachment.z", "type": "aws_iam_role_policy_attachment", "name": "z", "mode": "managed", "values": {"policy_arn": {"$unknown": ["data.aws_iam_policy.n.arn"]}}},
	]}
}

test_all_resources_but_some if {
	{found.message | some found in rule.deny} == {"aws_iam_policy.x allows every action on all resources but those that it names"} with input as {"resources": [{"address": "aws_iam_policy.x", "type": "aws_iam_policy", "name": "x", "mode": "managed", "values": {"policy$json": {"Statement": [
		{"Effect": "Allow", "Action": ["*"], "NotResource": "arn:aws:s3:::a"}, {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::a"},
	]}}}]}
}

test_policy_looked_up_by_a_name_that_is_not_known if {
	count(rule.deny) == 0 with input as {"resources": [
		{"address": "data.aws_iam_policy.p", "type": "aws_iam_policy", "mode": "data", "values": {"name": {"$unknown": ["var.name"]}}},
		{"address": "aws_iam_role_policy_attachment.a", "type": "aws_iam_role_policy_attachment", "mode": "managed", "values": {"policy_arn": {"$unknown": ["data.aws_iam_policy.p.arn"]}}},
	]}
}

test_targets_of_an_attachment if {
	{found.targets | some found in rule.deny} == {["AdministratorAccess"]} with input as _module("aws_iam_role_policy_attachment", {"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"})
}
