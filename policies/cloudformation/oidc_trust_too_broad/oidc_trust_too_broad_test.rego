package policyctl.cloudformation.oidc_trust_too_broad_test

import data.policyctl.cloudformation.oidc_trust_too_broad as rule

_role(operator, subject) := {"parameters": [], "resources": [{"id": "R", "type": "AWS::IAM::Role", "values": {"AssumeRolePolicyDocument": {"Statement": [{
	"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
	"Principal": {"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"},
	"Condition": {operator: {"token.actions.githubusercontent.com:sub": subject}},
}]}}}]}

test_broad if {
	every pair in [
		["StringLike", "repo:orders/*"], ["StringLike", "repo:orders/*:*"], ["StringEquals", "repo:orders/api:pull_request"],
		["ForAllValues:StringEquals", "repo:orders/api:ref:refs/heads/main"], ["StringLikeIfExists", "repo:orders/api:*"],
	] {
		count(rule.deny) == 1 with input as _role(pair[0], pair[1])
	}
}

test_silent if {
	every pair in [["StringEquals", "repo:orders/*"], ["StringLike", "repo:orders/api:*"], ["StringLike", "repo:*"], ["StringEquals", {"$unknown": ["Parameters.S"]}]] {
		rule.deny == set() with input as _role(pair[0], pair[1])
	}
}
