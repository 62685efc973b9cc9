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

deny contains object.union(terraform.place(policy, setting.path), {"message": $"{policy.address} grants {setting.value}"}) if {
	some policy in terraform.holders
	policy.type == "google_iam_policy"
	some setting in terraform.settings(policy.values, ["binding", "role"])
	setting.value in {"roles/owner", "roles/editor"}
}

deny contains object.union(terraform.place(policy, ["policy_data$json", "bindings", i, "role"]), {"message": $"{policy.address} grants {binding.role}"}) if {
	some policy in terraform.managed
	regex.match(`^google_(?:project|folder|organization)_iam_policy$`, policy.type)
	some i, binding in policy.values["policy_data$json"].bindings
	binding.role in {"roles/owner", "roles/editor"}
}

_table := object.union(
	{$"google_{scope}_iam_{kind}": {{"path": "role", "bad": {"roles/owner", "roles/editor"}}} |
		some scope in ["project", "folder", "organization"]
		some kind in ["member", "binding"]
	},
	{
		"azuread_directory_role": {{"path": "display_name", "bad": {"global administrator", "privileged role administrator"}}},
		"aws_eks_access_policy_association": {{"path": "policy_arn", "like": ":cluster-access-policy/amazoneksclusteradminpolicy$", "when": {"access_scope.type": {"cluster"}}}},
		"azurerm_role_assignment": {{"path": "role_definition_name", "bad": {"owner", "role based access control administrator", "user access administrator"}, "when": {"condition": {""}}}},
		# who grants roles can grant them all
		"azurerm_role_definition": {{"path": "permissions.actions", "like": `^microsoft\.authorization/role(?:assignments|definitions)/(?:write|\*)$`}},
		"oci_identity_policy": {
			{"path": "statements", "like": `^\s*(?:allow|endorse|admit)\s.*\sto\s+manage\s+all-resources\s+in\s+(?:any-tenancy|tenancy(?:\s+\S+)?|compartment\s+(?:id\s+)?\S+)\s*$`},
			# who writes policies grants the rest
			{"path": "statements", "like": `^\s*allow\s.*\sto\s+manage\s+(?:policies|identity-family|groups|dynamic-groups|domains)\s+in\s+tenancy\s*$`},
		},
	},
)

# The same roles by their IDs.
deny contains object.union(terraform.place(grant, ["role_definition_id"]), {"message": $"{grant.address} grants {role}"}) if {
	some grant in terraform.resources.azurerm_role_assignment
	terraform.absent(grant.values, "condition")
	some id, role in _ids
	endswith(lower(terraform.known_text(grant.values.role_definition_id)), id)
}

# The same roles, looked up.
deny contains object.union(terraform.place(grant, ["role_definition_id"]), {"message": $"{grant.address} grants {role.values.name}"}) if {
	some grant in terraform.resources.azurerm_role_assignment
	terraform.absent(grant.values, "condition")
	some role in terraform.resources["data.azurerm_role_definition"]
	lower(terraform.known_text(role.values.name)) in _table.azurerm_role_assignment[_].bad
	terraform.refers(grant, "role_definition_id", role)
}

_ids := {
	"18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
	"8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
	"f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}
