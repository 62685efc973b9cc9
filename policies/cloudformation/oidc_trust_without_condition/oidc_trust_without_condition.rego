# METADATA
# title: Any pipeline of the provider may take over the role
# description: >-
#   The role trusts the identity tokens of a provider without saying whose. Every
#   repository, project or service account of that provider, strangers' included,
#   can log in.
# related_resources:
#   - https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
# custom:
#   severity: critical
#   fix: Add a condition on the sub claim that names owner, repository and branch or environment, with no wildcard before the repository.
#   tags: [oidc]
#   cwe: [284]
package policyctl.cloudformation.oidc_trust_without_condition

import data.policyctl.lib.cloudformation
import data.policyctl.lib.iam

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.resource.id, "message": message} if {
	some statement in cloudformation.statements
	some found in iam.open_trusts(statement.value)
	message := $"{statement.resource.id} trusts {found.what}"
}

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.resource.id, "message": message} if {
	some statement in cloudformation.statements
	some found in iam.open_subjects(statement.value)
	message := $"{statement.resource.id} trusts subjects that match {found.text}: a stranger can have one"
}
