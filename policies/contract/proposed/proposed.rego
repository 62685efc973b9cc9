# METADATA
# title: Contract is only proposed
# description: >-
#   A stub counts as a declaration so that a team can begin. Its facts were found by a
#   program, and nobody has said yet that they are right.
# custom:
#   severity: low
#   fix: Confirm every field, write the purpose, and set spec.state to active.
#   tags: [inventory, review]
package policyctl.contract.proposed

import data.policyctl.lib.contract

deny contains {"path": ["spec", "state"], "subject": contract.name, "message": message} if {
	input.spec.state == "proposed"
	message := $"contract {contract.name} is a stub; confirm it and set state to active"
}
