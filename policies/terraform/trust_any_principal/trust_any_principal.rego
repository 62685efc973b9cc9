# METADATA
# title: Anybody may take over the role
# description: >-
#   The role trusts every account that there is. Without a condition whoever knows
#   its name logs in.
# custom:
#   severity: critical
#   fix: Name the accounts, roles or services that may assume the role, and ask others for an external ID.
#   tags: [least-privilege]
#   cwe: [284]
package policyctl.terraform.trust_any_principal

import data.policyctl.lib.iam
import data.policyctl.lib.terraform

deny contains {"path": array.concat(statement.path, ["Principal"]), "subject": statement.address, "message": message} if {
	some statement in terraform.statements
	terraform.allows(statement.value)
	count(terraform.granted(statement.value, {"sts:assumerole"})) > 0
	not terraform.limits(statement.address)
	terraform.anybody(statement.value)
	not iam.limited(statement.value)
	message := $"{statement.address} trusts every account: its principal is a wildcard and no condition says whose"
}
