package policyctl.terraform.impersonation_granted_widely_test

import data.policyctl.terraform.impersonation_granted_widely as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_on_the_project if {
	rule.deny == {{
		"path": ["resources", 0, "values", "role"],
		"subject": "google_project_iam_binding.x",
		"message": "google_project_iam_binding.x grants roles/iam.serviceAccountUser: its holder can become every service account",
	}} with input as _module("google_project_iam_binding", {"role": "roles/iam.serviceAccountUser"})
}

test_silent if {
	_reported("google_service_account_iam_member", {"role": "roles/iam.serviceAccountUser"}) == set()
	_reported("google_project_iam_member", {"role": {"$unknown": ["var.role"]}}) == set()
	_reported("google_project_iam_member", {"role": "roles/iam.serviceAccountUser", "condition": [{"expression": "x"}]}) == set()
}
