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

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.resource.id, "message": message, "targets": (iam.left(statement.value) | {lower(action.text) | some action in iam.texts(statement.value, "Action")})} if {
	some statement in cloudformation.statements
	some found in iam.full(statement.value)
	message := $"{statement.resource.id} allows {found.text} on every resource"
}

deny contains object.union(cloudformation.place(attached.resource, attached.path), {"message": message, "targets": [attached.policy]}) if {
	some attached in cloudformation.attached
	iam.administrative(attached.policy)
	message := $"{attached.resource.id} has the policy {regex.replace(attached.policy, `^.*/`, "")}"
}
