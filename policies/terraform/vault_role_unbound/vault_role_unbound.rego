# METADATA
# title: Vault role lets in whoever knocks
# description: Nothing binds the role to a workload. Every one that the platform vouches for gets its policies.
# custom:
#   severity: high
#   fix: Bind the role to names and namespaces, to accounts, projects or roles, or to networks.
#   tags: [least-privilege]
#   cwe: [284]
package policyctl.terraform.vault_role_unbound

import data.policyctl.lib.terraform

deny contains object.union(terraform.place(role, [argument]), {"message": message}) if {
	some type, bounds in _bounds
	some role in terraform.resources[type]
	every bound in bounds {
		_none(object.get(role.values, bound, []))
	}
	argument := sort(bounds)[0]
	message := $"{role.address} is bound to nothing: neither of {concat(", ", sort(bounds))} is set"
}

_none(value) if value in {"", "*", null}

_none(value) if {
	is_array(value)
	every item in value {
		item == ""
	}
}

_none(value) if {
	is_array(value)
	"*" in value
}

_bounds := {
	"vault_aws_auth_backend_role": {$"bound_{what}" | some what in [
		"account_ids", "ami_ids", "ec2_instance_ids", "iam_instance_profile_arns", "iam_principal_arns", "iam_role_arns", "regions", "subnet_ids", "vpc_ids",
	]},
	"vault_azure_auth_backend_role": {$"bound_{what}" | some what in [
		"group_ids", "locations", "resource_groups", "scale_sets", "service_principal_ids", "subscription_ids",
	]},
	"vault_gcp_auth_backend_role": {"bound_instance_groups", "bound_labels", "bound_projects", "bound_service_accounts"},
	"vault_kubernetes_auth_backend_role": {"bound_service_account_names", "bound_service_account_namespaces"},
}

# Without a secret ID the name of the role is all that it takes.
deny contains object.union(terraform.place(role, ["bind_secret_id"]), {"message": message}) if {
	some role in terraform.resources.vault_approle_auth_backend_role
	terraform.is_false(role.values.bind_secret_id)
	_none(object.get(role.values, "token_bound_cidrs", []))
	message := $"{role.address} is bound to nothing: it takes no secret ID, and token_bound_cidrs is not set"
}
