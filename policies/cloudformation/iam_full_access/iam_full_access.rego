# METADATA
# title: Identity may do everything
# description: >-
#   Whoever takes over one workload with this permission owns the account, its
#   secrets and its audit log.
# custom:
#   severity: high
#   fix: Grant the actions and resources that the workload needs.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.cloudformation.iam_full_access

import data.policyctl.lib.cloudformation
import data.policyctl.lib.iam
import data.policyctl.lib.values

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.resource.id, "message": message} if {
	some statement in cloudformation.statements
	some found in iam.full(statement.value)
	message := $"{statement.resource.id} allows {found.text} on every resource"
}

deny contains {"path": array.concat(array.concat(resource.path, ["values", property]), member.path), "subject": resource.id, "message": message} if {
	some resource in cloudformation.holders
	some property in ["ManagedPolicies", "ManagedPolicyArns", "PermissionSet", "Policies"]
	some member in values.members(object.get(resource.values, property, []))
	is_string(member.value)
	iam.administrative(member.value)
	not cloudformation.inherited(resource.entry, array.concat(["values", property], member.path))
	message := $"{resource.id} has the policy {regex.replace(member.value, `^.*/`, "")}"
}
