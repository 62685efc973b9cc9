package policyctl.terraform.vault_role_unbound_test

import data.policyctl.terraform.vault_role_unbound as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_unbound if {
	rule.deny == {{
		"path": ["resources", 0, "values", "bound_service_account_names"],
		"subject": "vault_kubernetes_auth_backend_role.x",
		"message": "vault_kubernetes_auth_backend_role.x is bound to nothing: neither of bound_service_account_names, bound_service_account_namespaces is set",
	}} with input as _module("vault_kubernetes_auth_backend_role", {"bound_service_account_names": ["*"], "bound_service_account_namespaces": ["*"]})
	_reported("vault_gcp_auth_backend_role", {"type": "gce"}) == {"bound_instance_groups"}
	_reported("vault_gcp_auth_backend_role", {"bound_projects": ""}) == {"bound_instance_groups"}
	_reported("vault_approle_auth_backend_role", {"bind_secret_id": false}) == {"bind_secret_id"}
}

_network := "10.0.0.0/8"

test_silent if {
	_reported("vault_kubernetes_auth_backend_role", {"bound_service_account_names": ["*"], "bound_service_account_namespaces": ["orders"]}) == set()
	_reported("vault_kubernetes_auth_backend_role", {"bound_service_account_names": ["*"], "bound_service_account_namespaces": {"$unknown": ["var.n"]}}) == set()
	_reported("vault_kubernetes_auth_backend_role", {"bound_service_account_names": ["*"], "bound_service_account_namespaces": [{"$unknown": ["var.n"]}]}) == set()
	_reported("vault_approle_auth_backend_role", {"bind_secret_id": false, "token_bound_cidrs": [_network]}) == set()
	_reported("vault_approle_auth_backend_role", {}) == set()
}
