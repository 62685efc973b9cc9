# METADATA
# title: Rotation is overdue
# description: >-
#   The secret is older than its contract allows. Everybody who ever saw it still
#   has access.
# custom:
#   severity: high
#   fix: Rotate the secret, and write the date into status.lastRotated.
#   tags: [rotation]
package policyctl.contract.rotation_overdue

import data.policyctl.lib.contract

deny contains {"path": ["status", "lastRotated"], "subject": contract.name, "message": message, "related": related} if {
	contract.in_force
	contract.static
	[seconds, path] := _shortest
	due := contract.overdue(input.status.lastRotated_ns, seconds)
	message := $"contract {contract.name}: the secret was last rotated on {contract.day(input.status.lastRotated_ns)} and was due on {due}"
	related := [{"path": path, "message": "the interval"}]
}

# _shortest is the interval of the environment that must be rotated first: status
# speaks of all at once.
_shortest := sort([[interval.seconds, interval.path] |
	some label in _labels
	interval := contract.rotation_interval(label)
])[0]

# A contract without environments still has its interval.
_labels := object.keys(contract.environments) if {
	count(contract.environments) > 0
} else := {""}
