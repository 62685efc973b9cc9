package policyctl.kubernetes.legacy_service_account_token_test

import data.policyctl.kubernetes.legacy_service_account_token as rule

test_a_token_that_never_expires if {
	rule.deny == {{
		"path": ["type"],
		"message": "the Secret asks for a service account token that never expires",
	}} with input as {"kind": "Secret", "type": "kubernetes.io/service-account-token"}
}

test_other_secrets if {
	count(rule.deny) == 0 with input as {"kind": "Secret", "type": "Opaque"}
	count(rule.deny) == 0 with input as {"kind": "Secret"}
	count(rule.deny) == 0 with input as {"kind": "Other", "type": "kubernetes.io/service-account-token"}
}
