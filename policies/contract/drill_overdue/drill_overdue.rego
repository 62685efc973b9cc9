# METADATA
# title: Drill is overdue
# description: >-
#   A revocation that nobody has practised for long does not work when it must.
# custom:
#   severity: medium
#   fix: Rotate and revoke the secret as in an incident, and write the date into status.lastDrilled.
#   tags: [clock, response]
package policyctl.contract.drill_overdue

import data.policyctl.lib.contract

deny contains {"path": ["status", "lastDrilled"], "subject": contract.name, "message": message, "related": related} if {
	contract.in_force
	due := contract.overdue(input.status.lastDrilled_ns, input.spec.drill.interval_s)
	message := $"contract {contract.name}: the last drill was on {contract.day(input.status.lastDrilled_ns)} and the next was due on {due}"
	related := [{"path": ["spec", "drill", "interval"], "message": "the interval"}]
}
