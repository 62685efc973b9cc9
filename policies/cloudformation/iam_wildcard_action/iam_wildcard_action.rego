# METADATA
# title: Identity may do everything with a service
# description: >-
#   Actions such as deleting, sharing or changing policies are part of it.
# custom:
#   severity: medium
#   tier: strict
#   fix: Grant the actions that are needed, on the resources that are meant.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.cloudformation.iam_wildcard_action

import data.policyctl.lib.cloudformation
import data.policyctl.lib.iam

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.resource.id, "message": message, "targets": [lower(found.text)]} if {
	some statement in cloudformation.statements
	some found in iam.wide(statement.value)
	message := $"{statement.resource.id} allows {found.text} on every resource"
}
