package policyctl.terraform.secret_scanning_off_test

import data.policyctl.terraform.secret_scanning_off as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_off if {
	rule.deny == {{
		"path": ["resources", 0, "values", "security_and_analysis", 0, "secret_scanning", 0, "status"],
		"subject": "github_repository.x",
		"message": "secrets may be pushed: security_and_analysis.secret_scanning.status of github_repository.x is disabled",
	}} with input as _module("github_repository", {"security_and_analysis": [{"secret_scanning": [{"status": "disabled"}]}]})
	_reported("gitlab_project", {"push_rules": [{"max_file_size": 5}]}) == {"push_rules.0.prevent_secrets"}
}

test_silent if {
	_reported("github_repository", {"security_and_analysis": [{"secret_scanning": [{"status": "enabled"}]}]}) == set()
	_reported("github_repository", {"security_and_analysis": [{"secret_scanning": [{"status": {"$unknown": ["var.status"]}}]}]}) == set()
	_reported("gitlab_project", {"name": "orders"}) == set()
}
