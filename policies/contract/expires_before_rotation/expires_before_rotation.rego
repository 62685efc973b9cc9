# METADATA
# title: Secret expires before its next rotation
# description: >-
#   Between the day on which it expires and the day on which it is rotated the
#   secret does not work.
# custom:
#   severity: medium
#   tier: strict
#   fix: Rotate before the secret expires, or shorten the interval so that rotation comes first.
#   tags: [lifetime, rotation]
package policyctl.contract.expires_before_rotation

import data.policyctl.lib.contract

deny contains {"path": path, "subject": contract.name, "message": message, "related": related} if {
	contract.in_force
	some label, environment in contract.environments
	is_number(environment.expires_ns)
	environment.expires_ns >= data.run.now_ns
	is_number(input.status.lastRotated_ns)
	interval := contract.rotation_interval(label)
	input.status.lastRotated_ns + (interval.seconds * 1000000000) > environment.expires_ns
	path := ["spec", "environments", label, "expires"]
	message := $"contract {contract.name}: the secret of environment {label} expires on {contract.day(environment.expires_ns)}, before its next rotation"
	related := [{"path": interval.path, "message": "the interval"}]
}
