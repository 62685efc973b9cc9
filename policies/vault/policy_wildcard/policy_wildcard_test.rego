package policyctl.vault.policy_wildcard_test

import data.policyctl.vault.policy_wildcard as rule

test_every_path if {
	rule.deny == {{
		"path": ["paths", 1, "path"],
		"subject": "*",
		"message": "the policy allows read, sudo on path *",
		"targets": {"read *", "sudo *"},
	}} with input as {"paths": [
		{"path": "orders/data/api", "capabilities": ["read"]},
		{"path": "*", "capabilities": ["sudo", "read", {"$unknown": []}]},
	]}
}

test_silent if {
	rule.deny == set() with input as {"paths": [
		{"path": "*", "capabilities": ["deny"]},
		{"path": "*", "capabilities": {"$unknown": []}},
		{"path": "secret/data/orders/*", "capabilities": ["read"]},
	]}
}
