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

test_roles_by_their_ids if {
	_reported("azurerm_role_assignment", {"role_definition_id": "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"}) == {"role_definition_id"}
	_reported("azurerm_role_assignment", {"role_definition_id": {"$unknown": ["data.azurerm_subscription.x.id"], "$text": "${data.azurerm_subscription.x.id}/providers/Microsoft.Authorization/roleDefinitions/18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"}}) == {"role_definition_id"}
	_reported("azurerm_role_assignment", {"role_definition_id": {"$unknown": ["data.azurerm_role_definition.x.id"]}}) == set()
	_reported("azurerm_role_assignment", {"role_definition_id": "/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-0000-0000-000000000000"}) == set()
}

test_policies_of_google if {
	_reported("google_iam_policy", {"binding": [{"role": "roles/viewer"}, {"role": "roles/owner"}]}) == {"binding.1.role"}
	_reported("google_iam_policy", {"binding": [{"role": {"$unknown": ["var.role"]}}]}) == set()
}

test_administrators_of_clusters if {
	admin := "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
	_reported("aws_eks_access_policy_association", {"policy_arn": admin, "access_scope": [{"type": "cluster"}]}) == {"policy_arn"}
	_reported("aws_eks_access_policy_association", {"policy_arn": admin, "access_scope": [{"type": "namespace", "namespaces": ["orders"]}]}) == set()
}

test_oracle if {
	every statement in [
		"Allow group A to manage all-resources in tenancy",
		{"$unknown": ["var.g"], "$text": "allow group ${var.g} to manage all-resources in compartment id ${var.c}"},
		"Allow group A to manage policies in tenancy",
	] {
		_reported("oci_identity_policy", {"statements": [statement]}) == {"statements.0"}
	}
	every statement in [
		"Allow group A to read all-resources in tenancy",
		"Allow group A to manage all-resources in tenancy where request.user.mfaTotpVerified = 'true'",
		"Allow group A to manage object-family in compartment orders",
		{"$unknown": ["var.statement"]},
	] {
		_reported("oci_identity_policy", {"statements": [statement]}) == set()
	}
}

test_a_policy_as_json if {
	_reported("google_project_iam_policy", {"policy_data$json": {"bindings": [{"role": "roles/viewer"}, {"role": "roles/owner"}]}}) == {"policy_data$json.bindings.1.role"}
}

test_a_role_that_is_looked_up if {
	every name, found in {"Owner": 1, "Reader": 0} {
		count(rule.deny) == found with input as {"resources": [
			{"address": "data.azurerm_role_definition.x", "type": "azurerm_role_definition", "name": "x", "mode": "data", "values": {"name": name}},
			{"address": "azurerm_role_assignment.x", "type": "azurerm_role_assignment", "name": "x", "mode": "managed", "values": {"role_definition_id": {"$unknown": ["data.azurerm_role_definition.x.id"]}}},
		]}
	}
}
