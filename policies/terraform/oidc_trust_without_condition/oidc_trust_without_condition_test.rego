package policyctl.terraform.oidc_trust_without_condition_test

import data.policyctl.terraform.oidc_trust_without_condition as rule

_forge := "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"

_role(statement) := {"resources": [{
	"address": "aws_iam_role.x", "type": "aws_iam_role", "name": "x", "mode": "managed",
	"values": {"assume_role_policy$json": {"Statement": [statement]}},
}]}

_trust(provider, more) := object.union({"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": provider}}, more)

_sub(operator, values) := {"Condition": {operator: {"token.actions.githubusercontent.com:sub": values}, "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}}

test_no_condition if {
	rule.deny == {{
		"path": ["resources", 0, "values", "assume_role_policy$json", "Statement", 0, "Condition"],
		"subject": "aws_iam_role.x",
		"message": "aws_iam_role.x trusts every identity of its provider: no condition names the subject",
	}} with input as _role(_trust(_forge, {}))
	count(rule.deny) == 1 with input as _role(_trust([_forge], {"Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}}))
	count(rule.deny) == 1 with input as _role(_trust({"$unknown": ["aws_iam_openid_connect_provider.forge.arn"]}, {"Condition": 5}))
}

test_wildcards if {
	every text in ["*", "repo:*", "repo:*:ref:refs/heads/main", "repo:ord*", "repo:*/orders:*", "project_path:*", "?epo:x/y:*"] {
		{found.path[6] | some found in rule.deny} == {"Condition"} with input as _role(_trust(_forge, _sub("StringLike", text)))
	}
	rule.deny == {{
		"path": ["resources", 0, "values", "assume_role_policy$json", "Statement", 0, "Condition", "ForAnyValue:StringLike", "token.actions.githubusercontent.com:sub", 1],
		"subject": "aws_iam_role.x",
		"message": "aws_iam_role.x trusts subjects that match repo:*: a stranger can have one",
	}} with input as _role(_trust(_forge, _sub("ForAnyValue:StringLike", ["repo:orders/api:*", "repo:*"])))
}

test_google if {
	provider := {"address": "google_iam_workload_identity_pool_provider.x", "type": "google_iam_workload_identity_pool_provider", "name": "x", "mode": "managed", "values": {
		"oidc": [{"issuer_uri": "https://token.actions.githubusercontent.com"}],
	}}
	rule.deny == {{
		"path": ["resources", 0, "values", "attribute_condition"],
		"subject": "google_iam_workload_identity_pool_provider.x",
		"message": "google_iam_workload_identity_pool_provider.x trusts every identity of its provider: attribute_condition sets no condition",
	}} with input as {"resources": [provider]}
	count(rule.deny) == 1 with input as {"resources": [object.union(provider, {"values": {"attribute_condition": " true "}})]}
	every values in [
		{"attribute_condition": "assertion.repository_owner == 'orders'"},
		{"attribute_condition": {"$unknown": []}},
		{"oidc": [{"issuer_uri": "https://gitlab.orders.example"}]},
		{"oidc": [{"issuer_uri": {"$unknown": []}}]},
	] {
		rule.deny == set() with input as {"resources": [object.union(provider, {"values": values})]}
	}
}

test_silent if {
	every statement in [
		_trust(_forge, _sub("StringEquals", "repo:orders/api:ref:refs/heads/main")),
		_trust(_forge, _sub("StringLike", ["repo:orders/api:*", "repo:orders/*:environment:production"])),
		_trust(_forge, _sub("StringEquals", "repo:*")),
		_trust(_forge, _sub("StringLike", {"$unknown": ["var.subject"]})),
		_trust(_forge, _sub("StringLike", [{"$unknown": ["var.subject"]}])),
		_trust(_forge, {"Condition": {"$unknown": ["var.condition"]}}),
		_trust(_forge, {"Condition": {"$unknown": {"$unknown": ["x"]}}}),
		_trust(_forge, {"Condition": {"StringEquals": {"gitlab.example:project_path": "orders/api"}}}),
		_trust("cognito-identity.amazonaws.com", {}),
		_trust("arn:aws:iam::1:saml-provider/people", {}),
		_trust({"$unknown": ["aws_iam_saml_provider.people.arn"]}, {}),
		object.union(_trust(_forge, {}), {"Effect": "Deny"}),
		{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}},
		{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"},
	] {
		rule.deny == set() with input as _role(statement)
	}
}

_reported(type, values) := {[concat(".", array.slice(found.path, 3, 99)), found.message] | some found in found_in} if {
	found_in := rule.deny with input as {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}
}

test_a_subject_of_claims_that_everybody_chooses if {
	[found.message | some found in rule.deny] == ["aws_iam_role.x trusts subjects that match environment:production: a stranger can have one"] with input as _role(_trust(_forge, _sub("StringEquals", "environment:production")))
	_reported("azurerm_federated_identity_credential", {"issuer": "https://token.actions.githubusercontent.com", "subject": "environment:production"}) == {[
		"subject",
		"azurerm_federated_identity_credential.x trusts subjects that match environment:production: a stranger can have one",
	]}
}

test_azure if {
	expression := {"issuer": "https://gitlab.com", "claims_matching_expression": "claims['sub'] matches 'project_path:orders/api:*' or claims['sub'] matches 'project_path:*'"}
	_reported("azuread_application_flexible_federated_identity_credential", expression) == {[
		"claims_matching_expression",
		"azuread_application_flexible_federated_identity_credential.x trusts subjects that match project_path:*: a stranger can have one",
	]}
	_reported("azurerm_federated_identity_credential", {"issuer": "https://token.actions.githubusercontent.com", "subject": "repo:orders/api:environment:production"}) == set()
	_reported("azurerm_federated_identity_credential", {"issuer": "https://token.actions.githubusercontent.com", "subject": {"$unknown": ["var.subject"]}}) == set()
	_reported("azurerm_federated_identity_credential", {"issuer": "https://oidc.orders.example", "subject": "environment:production"}) == set()
}

test_modules_that_are_elsewhere if {
	module := {"name": "ci", "source": "terraform-aws-modules/iam/aws//modules/iam-github-oidc-role", "values": {"subjects": ["orders/api:ref:refs/heads/main", "repo:*"]}}
	{found.path | some found in rule.deny} == {["modules", 0, "values", "subjects", 1]} with input as {"modules": [module]}
	rule.deny == set() with input as {"modules": [module], "resources": [{"address": "module.ci.aws_iam_role.x", "type": "aws_iam_role", "name": "x", "mode": "managed", "module": "module.ci", "values": {}}]}
}

test_vault if {
	_reported("vault_jwt_auth_backend_role", {"role_type": "jwt", "bound_audiences": ["vault"], "user_claim": "sub"}) == {[
		"bound_claims",
		"vault_jwt_auth_backend_role.x trusts every identity of its provider: neither bound_claims nor bound_subject is set",
	]}
	_reported("vault_jwt_auth_backend_role", {"role_type": "jwt", "bound_claims_type": "glob", "bound_claims": {"sub": "repo:orders/api:*,repo:*"}}) == {[
		"bound_claims.sub",
		"vault_jwt_auth_backend_role.x trusts subjects that match repo:*: a stranger can have one",
	]}
	every values in [
		{"role_type": "oidc"},
		{"role_type": "jwt", "bound_subject": "orders"},
		{"role_type": "jwt", "bound_claims": {"$unknown": ["var.claims"]}},
		{"role_type": "jwt", "bound_claims": {"sub": "repo:*"}},
		{"role_type": "jwt", "bound_claims_type": "glob", "bound_claims": {"project_path": "orders/*", "sub": {"$unknown": []}}},
	] {
		_reported("vault_jwt_auth_backend_role", values) == set()
	}
}

test_part_of_a_name if {
	every condition, n in {
		"assertion.repository.startsWith('orders')": 1, "assertion.repository.startsWith('orders/')": 0,
		"assertion.ref == 'refs/heads/main'": 1, "assertion.project_path == 'orders/app' && assertion.ref == 'main'": 0, "true": 1,
	} {
		count(rule.deny) == n with input as {"resources": [{
			"address": "p", "type": "google_iam_workload_identity_pool_provider", "name": "p", "mode": "managed",
			"values": {"attribute_condition": condition, "oidc": [{"issuer_uri": "https://gitlab.com"}]},
		}]}
	}
}
