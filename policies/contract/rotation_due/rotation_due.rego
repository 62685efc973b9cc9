# METADATA
# title: Rotation is due soon
# description: >-
#   A rotation that is planned breaks nothing. One that is overdue is done in haste.
# custom:
#   severity: low
#   fix: Rotate the secret before the day, and write the date into status.lastRotated.
#   tags: [clock, rotation]
package policyctl.contract.rotation_due

import data.policyctl.lib.contract

deny contains {"path": ["status", "lastRotated"], "subject": contract.name, "message": message, "related": related} if {
	contract.in_force
	contract.static
	interval := contract.shortest_rotation
	due := contract.due(input.status.lastRotated_ns, interval.seconds)
	due >= data.run.now_ns
	due - (_lead_days * 86400000000000) < data.run.now_ns
	message := $"contract {contract.name}: the secret is to be rotated by {contract.day(due)}"
	related := [{"path": interval.path, "message": "the interval"}]
}

_lead_days := 14
