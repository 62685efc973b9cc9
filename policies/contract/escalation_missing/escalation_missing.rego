# METADATA
# title: Nobody is to be called when the secret leaks
# description: >-
#   In an incident a team is a name. What gets somebody out of bed is the contact that
#   its members answer.
# custom:
#   severity: high
#   fix: Set escalation of the team in the SecretCatalog, for example pagerduty:payments, or spec.owner.escalation of the contract.
#   tags: [ownership, response]
package policyctl.contract.escalation_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "owner", "escalation"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	contract.missing(["owner", "escalation"])
	team := input.team
	not team.escalation
	message := $"contract {contract.name} has no escalation contact, and neither has its team {team.name}"
}
