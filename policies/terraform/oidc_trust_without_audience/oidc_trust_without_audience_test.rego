package policyctl.terraform.oidc_trust_without_audience_test

import data.policyctl.terraform.oidc_trust_without_audience as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

_role(condition) := _module("aws_iam_role", {"assume_role_policy$json": {"Statement": [{
	"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
	"Principal": {"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"}, "Condition": condition,
}]}})

_sub := {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:orders/api:ref:refs/heads/main"}}

test_no_audience if {
	rule.deny == {{
		"path": ["resources", 0, "values", "assume_role_policy$json", "Statement", 0, "Condition"],
		"subject": "aws_iam_role.x",
		"message": "aws_iam_role.x takes tokens for any audience: no condition names aud",
	}} with input as _role(_sub)
	_reported("vault_jwt_auth_backend_role", {"role_type": "jwt", "bound_subject": "orders"}) == {"bound_audiences"}
}

test_silent if {
	every condition in [
		object.union(_sub, {"StringLike": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}),
		{"StringEquals": {"$unknown": ["var.claims"]}},
		{"$unknown": ["var.condition"]},
		{},
	] {
		rule.deny == set() with input as _role(condition)
	}
	_reported("vault_jwt_auth_backend_role", {"role_type": "jwt", "bound_audiences": ["vault"]}) == set()
	_reported("vault_jwt_auth_backend_role", {"role_type": "jwt", "bound_audiences": {"$unknown": ["var.audiences"]}}) == set()
}
