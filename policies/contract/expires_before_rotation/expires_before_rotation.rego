# METADATA
# title: Secret expires before it is renewed
# description: >-
#   Between the day on which it expires and the day on which it is renewed the
#   secret does not work.
# custom:
#   severity: high
#   fix: Renew the secret now and write the new date into expires, or shorten the interval so that rotation comes first.
#   tags: [clock, lifetime, rotation]
package policyctl.contract.expires_before_rotation

import data.policyctl.lib.contract

deny contains {"path": path, "subject": contract.name, "message": message, "related": related} if {
	some label, environment in _valid
	interval := _too_long(label, environment)
	path := ["spec", "environments", label, "expires"]
	message := $"contract {contract.name}: the secret of environment {label} expires on {contract.day(environment.expires_ns)}, before its next rotation"
	related := [{"path": interval.path, "message": "the interval"}]
}

# What rotates too late is said above.
deny contains {"path": path, "subject": contract.name, "message": message, "related": related} if {
	some label, environment in _valid
	is_number(input.spec.renewal.before_s)
	begin := environment.expires_ns - (input.spec.renewal.before_s * 1000000000)
	begin <= data.run.now_ns
	not _rotated_since(begin)
	not _too_long(label, environment)
	path := ["spec", "environments", label, "expires"]
	message := $"contract {contract.name}: the secret of environment {label} expires on {contract.day(environment.expires_ns)} and was to be renewed on {contract.day(begin)}"
	related := [{"path": ["spec", "renewal", "before"], "message": "how long before"}]
}

_rotated_since(ns) if input.status.lastRotated_ns >= ns

# _too_long is the interval by which rotation comes after the end.
_too_long(label, environment) := interval if {
	interval := contract.rotation_seconds(label, "interval")
	contract.due(input.status.lastRotated_ns, interval.seconds) > environment.expires_ns
}

# _valid are the environments whose secret expires, and has not yet.
_valid[label] := environment if {
	contract.in_force
	some label, environment in contract.environments
	is_number(environment.expires_ns)
	environment.expires_ns >= data.run.now_ns
}
