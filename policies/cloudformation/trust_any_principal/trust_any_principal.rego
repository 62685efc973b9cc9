# METADATA
# title: Anybody can take over the role
# description: >-
#   The trust policy names everybody, in whatever account.
# custom:
#   severity: critical
#   fix: Name the accounts, roles or services that need the role.
#   cwe: [284]
package policyctl.cloudformation.trust_any_principal

import data.policyctl.lib.cloudformation
import data.policyctl.lib.iam

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.resource.id, "message": message} if {
	some statement in cloudformation.statements
	_trusts(statement)
	not iam.limited(statement.value)
	some found in iam.public(statement.value)
	message := $"{statement.resource.id} can be taken over from any account"
}

_trusts(statement) if {
	some part in statement.path
	part in {"AssumeRolePolicyDocument", "AssumeRolePolicyDocument$json"}
}
