# METADATA
# title: All secrets go to a workflow that can change at any time
# description: >-
#   A branch of another repository means whatever is pushed there next. Whoever can
#   push there gets every secret of this repository.
# custom:
#   severity: medium
#   fix: List the secrets that the workflow needs, and pin it to the full digest of a commit. If it stands in this repository, call it by its path.
#   tags: [third-party, least-privilege]
#   cwe: [829]
package policyctl.githubactions.inherit_to_mutable_workflow

import data.policyctl.lib.githubactions

deny contains {"path": array.concat(call.path, ["secrets"]), "subject": call.subject, "message": message} if {
	some call in githubactions.inheriting
	githubactions.mutable(call.value.uses)
	message := $"job \"{call.id}\" lets {call.value.uses} inherit all secrets, and that can change at any time"
}
