# METADATA
# title: Rotation is recorded that the store has not seen
# description: >-
#   The contract says that the secret was rotated, but the value in the store is
#   older. It was rotated on paper.
# custom:
#   severity: high
#   fix: Rotate the secret in the store, or correct status.lastRotated.
#   tags: [rotation]
package policyctl.graph.status_newer_than_store

import data.policyctl.lib.evidence
import data.policyctl.lib.graph

deny contains {"path": ["contracts", name, "status", "lastRotated"], "subject": name, "message": message} if {
	input.evidence
	some name, contract in input.contracts
	graph.in_force(contract)
	rotated := contract.status.lastRotated_ns # the end of the day
	homes := [home | some home in evidence.homes(name)]
	count(homes) > 0
	every home in homes {
		home.changed_ns < rotated - 86400000000000
		home.as_of_ns >= rotated # what happened after the export it cannot tell
	}
	changed := max([home.changed_ns | some home in homes])
	message := $"contract {name} says that the secret was rotated on {graph.day(rotated)}, but its store was last written on {graph.day(changed)}"
}
