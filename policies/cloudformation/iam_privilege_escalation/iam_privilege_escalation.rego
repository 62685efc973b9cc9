# METADATA
# title: Identity may give itself more rights
# description: >-
#   With this action on every resource, whoever has the identity can attach a policy
#   to it, make keys for others, or start something with any role.
# custom:
#   severity: high
#   fix: Name the users, roles or policies in place of the wildcard, or limit it by a permissions boundary or iam:PassedToService.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.cloudformation.iam_privilege_escalation

import data.policyctl.lib.cloudformation
import data.policyctl.lib.iam

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.resource.id, "message": message, "targets": [lower(found.text)]} if {
	some statement in cloudformation.statements
	some found in iam.escalations(statement.value)
	message := $"{statement.resource.id} allows {found.text} on every resource: it can give itself more"
}
