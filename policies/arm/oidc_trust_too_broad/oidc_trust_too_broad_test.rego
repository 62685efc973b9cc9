package policyctl.arm.oidc_trust_too_broad_test

import data.policyctl.arm.oidc_trust_too_broad as rule

_credential(subject) := {"resources": [{
	"address": "x", "type": "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
	"values": {"properties": {"issuer": "https:\/\/token.actions.githubusercontent.com", "subject": subject}},
}]}

test_broad if {
	every subject in ["repo:orders/api:pull_request", "environment:production", {"$unknown": ["condition"], "$candidates": ["repo:orders/api:ref:refs/heads/main", "repo:orders/api:pull_request"]}] {
		count(rule.deny) == 1 with input as _credential(subject)
	}
}

test_silent if {
	every subject in ["repo:orders/api:environment:production", "system:serviceaccount:orders:api", {"$unknown": ["parameters.subject"]}, null] {
		rule.deny == set() with input as _credential(subject)
	}
}
