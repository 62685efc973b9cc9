# METADATA
# title: Secret has no owner
# description: >-
#   When a secret leaks, somebody has to rotate it within the hour. Without an
#   owner the search for them takes longer than the thief.
# custom:
#   severity: high
#   fix: Set spec.owner.team to the team that answers for the secret, or set it in the SecretDefaults of the folder.
#   tags: [ownership]
package policyctl.contract.owner_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "owner", "team"], "subject": contract.name, "message": message} if {
	contract.in_force
	contract.missing(["owner", "team"])
	message := $"contract {contract.name} names no team that owns the secret{contract.looked}"
}
