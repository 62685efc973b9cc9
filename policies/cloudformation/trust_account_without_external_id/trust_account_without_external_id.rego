# METADATA
# title: Role trusts a whole account without asking for more
# description: >-
#   Everybody in that account who may call sts:AssumeRole can take over the role; a
#   vendor can be talked into doing so for a stranger.
# custom:
#   severity: medium
#   tier: strict
#   fix: Name the role that needs it, or add a condition on sts:ExternalId, on the organisation or on MFA.
#   cwe: [284]
package policyctl.cloudformation.trust_account_without_external_id

import data.policyctl.lib.cloudformation
import data.policyctl.lib.iam

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.resource.id, "message": message} if {
	some statement in cloudformation.statements
	"AssumeRolePolicyDocument" in {trim_suffix(part, "$json") | some part in statement.path; is_string(part)}
	not iam.limited(statement.value)
	some found in iam.accounts(statement.value)
	message := $"{statement.resource.id} trusts all of the account {found.text}"
}
