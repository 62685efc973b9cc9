package policyctl.terraform.oidc_trust_too_broad_test

import data.policyctl.terraform.oidc_trust_too_broad as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

_role(operator, subject) := _module("aws_iam_role", {"assume_role_policy$json": {"Statement": [{
	"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
	"Principal": {"Federated": {"$unknown": ["aws_iam_openid_connect_provider.x.arn"]}},
	"Condition": {operator: {"issuer.example:sub": subject}},
}]}})

test_a_whole_organisation if {
	rule.deny == {{
		"path": ["resources", 0, "values", "assume_role_policy$json", "Statement", 0, "Condition", "StringLike", "issuer.example:sub", 1],
		"subject": "aws_iam_role.x",
		"message": "aws_iam_role.x trusts every repository of an owner: repo:orders/*",
	}} with input as _role("StringLike", ["repo:orders/api:ref:refs/heads/main", "repo:orders/*"])
	every subject in ["repo:orders/*:*", "system:serviceaccount:*:*", "system:serviceaccount:orders:*", "organization:orders:*", "repo:orders/api:pull_request"] {
		count(rule.deny) == 1 with input as _role("StringLike", subject)
	}
}

test_other_clouds if {
	_reported("azurerm_federated_identity_credential", {"subject": "repo:orders/api:pull_request"}) == {"subject"}
	_reported("google_service_account_iam_member", {"member": "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/*"}) == {"member"}
}

test_silent if {
	every subject in ["repo:orders/api:ref:refs/heads/main", "repo:orders/api:*", "repo:*", "system:serviceaccount:orders:api", {"$unknown": ["var.subject"]}] {
		rule.deny == set() with input as _role("StringLike", subject)
	}
	rule.deny == set() with input as _role("StringEquals", "repo:orders/*")
	_reported("azurerm_federated_identity_credential", {"subject": {"$unknown": ["var.subject"]}}) == set()
	_reported("google_service_account_iam_member", {"member": "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/attribute.repository/orders/api"}) == set()
}

test_claims_that_may_be_absent if {
	every operator in ["ForAllValues:StringLike", "StringEqualsIfExists"] {
		count(rule.deny) == 1 with input as _role(operator, "repo:orders/api:ref:refs/heads/main")
	}
	rule.deny == set() with input as _role("ForAnyValue:StringLike", "repo:orders/api:ref:refs/heads/main")
}
