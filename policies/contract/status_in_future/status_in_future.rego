# METADATA
# title: Status is dated in the future
# description: >-
#   A rotation, review or drill that has not happened yet keeps the rules about
#   overdue ones silent.
# custom:
#   severity: medium
#   fix: Write the day on which it happened.
#   tags: [rotation, review]
package policyctl.contract.status_in_future

import data.policyctl.lib.contract

# A day is valid through its last second, so today may lie up to a day ahead.
deny contains {"path": ["status", field], "subject": contract.name, "message": message} if {
	some field in ["lastRotated", "lastReviewed", "lastDrilled"]
	ns := input.status[concat("", [field, "_ns"])]
	is_number(ns)
	ns - 86400000000000 > data.run.now_ns
	message := $"contract {contract.name}: {field} is {contract.day(ns)}, which is in the future"
}
