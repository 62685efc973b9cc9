package policyctl.terraform.administrator_role_granted_test

import data.policyctl.terraform.administrator_role_granted as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_roles if {
	rule.deny == {{
		"path": ["resources", 0, "values", "role"],
		"subject": "google_project_iam_member.x",
		"message": "google_project_iam_member.x grants roles/owner",
	}} with input as _module("google_project_iam_member", {"role": "roles/owner"})
	_reported("azurerm_role_assignment", {"role_definition_name": "Owner"}) == {"role_definition_name"}
}

test_silent if {
	_reported("google_project_iam_member", {"role": "roles/viewer"}) == set()
	_reported("google_project_iam_member", {"role": {"$unknown": ["var.role"]}}) == set()
	_reported("azurerm_role_assignment", {"role_definition_name": "Owner", "condition": "x"}) == set()
}
