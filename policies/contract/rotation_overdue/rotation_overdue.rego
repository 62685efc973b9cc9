# METADATA
# title: Rotation is overdue
# description: >-
#   The secret is older than its contract allows. Everybody who ever saw it still
#   has access.
# custom:
#   severity: high
#   fix: Rotate the secret, and write the date into status.lastRotated.
#   tags: [clock, rotation]
package policyctl.contract.rotation_overdue

import data.policyctl.lib.contract

deny contains {"path": ["status", "lastRotated"], "subject": contract.name, "message": message, "related": related} if {
	contract.in_force
	contract.static
	interval := contract.shortest_rotation
	due := contract.overdue(input.status.lastRotated_ns, interval.seconds)
	message := $"contract {contract.name}: the secret was last rotated on {contract.day(input.status.lastRotated_ns)} and was due on {due}"
	related := [{"path": interval.path, "message": "the interval"}]
}
