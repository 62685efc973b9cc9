# METADATA
# title: Rotation is not what the contract says
# description: |
#   What infrastructure code sets is what happens. A contract that says otherwise
#   misleads everybody who plans, reviews or answers an incident by it.
# custom:
#   severity: high
#   tags: [rotation]
#   fix: Set the interval of the rotation to that of the contract, or let the owner of the contract change spec.rotation.interval.
package policyctl.graph.rotation_differs_from_contract

import data.policyctl.lib.graph

deny contains {
	"path": ["rotations", i, "interval_s"],
	"subject": rotation.id,
	"message": $"{rotation.name} is rotated every {graph.duration(rotation.interval_s)}, but contract {name} says every {interval.value}",
	"related": [{"message": $"the interval of contract {name}", "path": interval.path}],
} if {
	some i, rotation in input.rotations
	some [name, environment] in _targets(rotation)
	graph.in_force(input.contracts[name])
	interval := graph.rotation(name, environment, "interval")
	_differs(rotation, interval.seconds)
}

_differs(rotation, seconds) if rotation.interval_s > seconds

# A cron expression can rarely say the exact interval: to be faster is all it can do.
_differs(rotation, seconds) if {
	rotation.interval_s > 0
	rotation.interval_s < seconds
	not rotation.by_expression
}

_targets(rotation) := claimed if {
	claimed := {[claim.contract, object.get(claim, "environment", null)] | some claim in rotation.claims}
	count(claimed) > 0
} else := {[name, null] | some name in rotation.contracts}
