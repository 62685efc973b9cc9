# METADATA
# title: Old secret outlives the next rotation
# description: >-
#   Old and new secret are valid together for longer than the time between two
#   rotations, so that a rotated secret never stops working in time.
# custom:
#   severity: medium
#   fix: Shorten overlap to the time that consumers need to take the new secret.
#   tags: [rotation]
package policyctl.contract.overlap_exceeds_interval

import data.policyctl.lib.contract

deny contains {"path": overlap.path, "subject": contract.name, "message": message, "related": related} if {
	contract.in_force
	contract.secret
	some label, rotation in contract.rotations
	overlap := contract.rotation_seconds(label, "overlap")
	interval := contract.rotation_seconds(label, "interval")
	overlap.seconds > interval.seconds
	message := $"contract {contract.name}: a rotated secret stays valid for {_written(overlap)}, longer than the {_written(interval)} between rotations"
	related := [{"path": interval.path, "message": "the interval"}]
}

_written(duration) := object.get(input, duration.path, "")
