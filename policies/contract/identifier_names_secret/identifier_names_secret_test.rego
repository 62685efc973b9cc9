package policyctl.contract.identifier_names_secret_test

import data.policyctl.contract.identifier_names_secret as rule

_contract(class, references) := {"metadata": {"name": "app"}, "spec": {"class": class, "references": references}}

test_what_is_named_like_a_secret if {
	rule.deny == {{
		"path": ["spec", "references", "github", 0],
		"subject": "app",
		"message": "contract app calls production/APP_PRIVATE_KEY an identifier, but it is named like a secret",
	}} with input as _contract("identifier", {"github": ["production/APP_PRIVATE_KEY", "APP_ID"]})
}

test_identifiers_and_other_classes if {
	count(rule.deny) == 0 with input as _contract("identifier", {"github": ["AWS_ACCOUNT_ID", "APP_ID"], "env": ["AZURE_TENANT_ID"]})
	count(rule.deny) == 0 with input as _contract("api-key", {"github": ["APP_PRIVATE_KEY"]})
	count(rule.deny) == 0 with input as {"metadata": {"name": "app"}, "spec": {"class": "identifier", "state": "retired", "references": {"github": ["APP_TOKEN"]}}}
}
