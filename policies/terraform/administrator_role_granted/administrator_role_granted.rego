# METADATA
# title: Administrator role is granted
# description: >-
#   Owner, editor and their like can do nearly everything in the project or
#   subscription, its secrets included.
# custom:
#   severity: high
#   tier: strict
#   fix: Grant a role for the task, on the resource that needs it.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.terraform.administrator_role_granted

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"{fault.subject} grants {fault.value}"} if {
	some fault in terraform.faults(_table)
}

_table := object.union(
	{$"google_{scope}_iam_{kind}": {{"path": "role", "bad": {"roles/owner", "roles/editor"}}} |
		some scope in ["project", "folder", "organization"]
		some kind in ["member", "binding"]
	},
	{
		"azuread_directory_role": {{"path": "display_name", "bad": {"global administrator", "privileged role administrator"}}},
		"azurerm_role_assignment": {{"path": "role_definition_name", "bad": {"owner", "role based access control administrator", "user access administrator"}, "when": {"condition": {""}}}},
		"oci_identity_policy": {{"path": "statements", "like": `^allow .* to manage all-resources in tenancy`}},
	},
)
