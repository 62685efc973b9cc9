# METADATA
# title: Called workflow inherits all secrets
# description: >-
#   The called workflow may read every secret that the caller may, not only those
#   that it declares.
# custom:
#   severity: medium
#   tier: strict
#   fix: List the secrets that the workflow needs under secrets.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.githubactions.secrets_inherit

import data.policyctl.lib.githubactions

# Secrets of an environment reach a called workflow only by inheriting.
deny contains {"path": array.concat(call.path, ["secrets"]), "subject": call.subject, "message": message} if {
	some call in githubactions.inheriting
	not githubactions.mutable(call.value.uses)
	message := $"job \"{call.id}\" lets {call.value.uses} inherit all secrets"
}
