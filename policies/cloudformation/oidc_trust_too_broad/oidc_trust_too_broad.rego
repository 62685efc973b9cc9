# METADATA
# title: Trust covers more pipelines than need the role
# description: >-
#   Every repository of an organisation, every proposed change, or every workload of
#   a cluster can log in. One of them that is taken over is enough.
# custom:
#   severity: medium
#   tier: strict
#   fix: Name the repository and its branch or environment, or the namespace and service account.
#   tags: [oidc]
#   cwe: [284]
package policyctl.cloudformation.oidc_trust_too_broad

import data.policyctl.lib.cloudformation
import data.policyctl.lib.iam

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.resource.id, "message": message} if {
	some statement in cloudformation.statements
	some found in iam.broad_subjects(statement.value)
	message := $"{statement.resource.id} trusts {found.what}"
}
