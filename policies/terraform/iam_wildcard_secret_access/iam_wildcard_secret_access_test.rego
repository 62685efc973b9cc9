package policyctl.terraform.iam_wildcard_secret_access_test

import data.policyctl.terraform.iam_wildcard_secret_access as rule

_policy(statement) := {"resources": [{
	"address": "aws_iam_policy.x", "type": "aws_iam_policy", "name": "x", "mode": "managed",
	"values": {"policy": {"$unknown": []}, "policy$json": {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}, statement]}},
}]}

_allow(actions, resources) := {"Effect": "Allow", "Action": actions, "Resource": resources}

test_a_policy_in_json if {
	rule.deny == {{
		"path": ["resources", 0, "values", "policy$json", "Statement", 1, "Action"],
		"subject": "aws_iam_policy.x",
		"message": "aws_iam_policy.x allows secretsmanager:GetSecretValue on every resource",
		"targets": {"secretsmanager:getsecretvalue"},
	}} with input as _policy(_allow("secretsmanager:GetSecretValue", "*"))
}

test_actions if {
	every action in ["secretsmanager:*", "secretsmanager:Get*", "ssm:GetParameter*", "SSM:getparameters", "kms:Decrypt", "kms:*"] {
		{array.slice(found.path, 6, 8) | some found in rule.deny} == {["Action", 1]} with input as _policy(_allow(["ec2:RunInstances", action], ["*"]))
	}
}

test_resources if {
	every resource in ["*", "arn:aws:secretsmanager:*:*:secret:*", "arn:aws:ssm:eu-west-1:1:parameter/*", "arn:aws-cn:kms:*:*:key/*", "arn:aws:secretsmanager:*:*:*"] {
		count(rule.deny) == 1 with input as _policy(_allow("ssm:*", ["arn:aws:s3:::orders", resource]))
	}
}

test_a_data_source_is_judged_where_it_is_written if {
	document := {"Statement": [_allow(["kms:Decrypt"], ["*"])]}
	data_source := {"address": "data.aws_iam_policy_document.d", "type": "aws_iam_policy_document", "name": "d", "mode": "data", "values": {"$document": document}}
	policy := {"address": "aws_iam_policy.x", "type": "aws_iam_policy", "name": "x", "mode": "managed", "values": {
		"policy": {"$unknown": ["data.aws_iam_policy_document.d.json"]}, "policy$json": document,
	}}
	{found.path | some found in rule.deny} == {["resources", 0, "values", "$document", "Statement", 0, "Action", 0]} with input as {"resources": [data_source, policy]}
}

test_a_single_statement if {
	module := {"resources": [{"address": "a.x", "type": "a", "name": "x", "mode": "managed", "values": {"inline_policy": [{"policy$json": {"Statement": _allow("kms:*", "*")}}]}}]}
	{found.path | some found in rule.deny} == {["resources", 0, "values", "inline_policy", 0, "policy$json", "Statement", "Action"]} with input as module
}

test_google if {
	grant := {"address": "google_project_iam_member.x", "type": "google_project_iam_member", "name": "x", "mode": "managed", "values": {"role": "roles/secretmanager.secretAccessor"}}
	rule.deny == {{
		"path": ["resources", 0, "values", "role"],
		"subject": "google_project_iam_member.x",
		"message": "google_project_iam_member.x grants roles/secretmanager.secretAccessor on every secret",
	}} with input as {"resources": [grant]}
	rule.deny == set() with input as {"resources": [object.union(grant, {"values": {"role": "roles/viewer"}})]}
	rule.deny == set() with input as {"resources": [object.union(grant, {"values": {"condition": [{"expression": "x"}]}})]}
}

test_silent if {
	every statement in [
		_allow("*", "*"),
		_allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:1:secret:orders-*"),
		_allow("secretsmanager:GetSecretValue", {"$unknown": ["aws_secretsmanager_secret.db.arn"]}),
		_allow("ssm:GetParameter", "arn:aws:ssm:eu-west-1:1:parameter/orders/*"),
		_allow(["s3:*", "secretsmanager:ListSecrets", "kms:DescribeKey"], "*"),
		_allow({"$unknown": []}, "*"),
		_allow(["[a", 5, "kms:{"], "*"),
		object.union(_allow("kms:*", "*"), {"Effect": "Deny"}),
		object.union(_allow("kms:*", "*"), {"Principal": {"AWS": "arn:aws:iam::1:root"}}),
		object.union(_allow("kms:*", "*"), {"NotPrincipal": {"AWS": "arn:aws:iam::1:root"}}),
		object.union(_allow("kms:Decrypt", "*"), {"Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}}),
		{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
		{"$unknown": ["data.x.y.json"]},
		5,
	] {
		rule.deny == set() with input as _policy(statement)
	}
}

test_all_actions_are_named if {
	{found.message | some found in rule.deny} == {"aws_iam_policy.x allows kms:Decrypt and secretsmanager:GetSecretValue on every resource"} with input as _policy(_allow(["secretsmanager:GetSecretValue", "kms:Decrypt", "s3:GetObject"], "*"))
}

test_policies_of_aws_itself if {
	_attached("arn:aws:iam::aws:policy/SecretsManagerReadWrite") == {"aws_iam_role.x attaches SecretsManagerReadWrite, which reads every secret"}
	every arn in ["arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::1:policy/PowerUserAccess", {"$unknown": ["var.p"]}] {
		_attached(arn) == set()
	}
}

_attached(arn) := {found.message | some found in all} if {
	all := rule.deny with input as {"resources": [{"address": "aws_iam_role.x", "type": "aws_iam_role", "name": "x", "mode": "managed", "values": {"managed_policy_arns": [arn]}}]}
}

_azure(values) := {found.message | some found in all} if {
	all := rule.deny with input as {"resources": [{"address": "azurerm_role_assignment.x", "type": "azurerm_role_assignment", "name": "x", "mode": "managed", "values": values}]}
}

test_azure if {
	_azure({"role_definition_name": "Key Vault Secrets User", "scope": {"$unknown": ["data.azurerm_subscription.this.id"]}}) == {"azurerm_role_assignment.x grants Key Vault Secrets User on every vault of data.azurerm_subscription.this.id"}
	count(_azure({"role_definition_name": "Key Vault Administrator", "scope": "/subscriptions/00000000-0000-0000-0000-000000000000"})) == 1
	every values in [
		{"role_definition_name": "Key Vault Secrets User", "scope": {"$unknown": ["azurerm_key_vault.orders.id"]}},
		{"role_definition_name": "Key Vault Secrets User", "scope": {"$unknown": ["data.azurerm_subscription.this.id", "var.vault"]}},
		{"role_definition_name": "Key Vault Secrets User", "scope": {"$unknown": ["data.azurerm_subscription.this.id"], "$text": "${data.azurerm_subscription.this.id}/resourceGroups/orders"}},
		{"role_definition_name": "Key Vault Reader", "scope": {"$unknown": ["data.azurerm_subscription.this.id"]}},
		{"role_definition_name": "Key Vault Administrator", "scope": "/subscriptions/0/resourceGroups/orders"},
	] {
		_azure(values) == set()
	}
}

test_oracle if {
	policy := {"resources": [{"address": "oci_identity_policy.x", "type": "oci_identity_policy", "name": "x", "mode": "managed", "values": {"statements": [
		"Allow group A to read secret-family in compartment orders",
		"Allow group A to read secret-family in tenancy where target.secret.name = 'orders'",
		"Allow group A to read secret-family in tenancy",
	]}}]}
	{found.path | some found in rule.deny} == {["resources", 0, "values", "statements", 2]} with input as policy
}
