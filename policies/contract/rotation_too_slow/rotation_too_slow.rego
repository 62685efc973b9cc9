# METADATA
# title: Rotation interval is longer than a year
# description: >-
#   In a year people leave, laptops are lost and backups are copied. A credential
#   that outlives all that belongs to nobody knows whom. Keys that sign or encrypt
#   have two years.
# custom:
#   severity: medium
#   fix: Shorten the interval to at most 365d, or to what the class of the secret asks for.
#   tags: [rotation]
package policyctl.contract.rotation_too_slow

import data.policyctl.lib.contract

deny contains {"path": path, "subject": contract.name, "message": message} if {
	contract.in_force
	some path, seconds in _intervals
	is_number(seconds)
	seconds > _limit_days * 86400
	message := $"contract {contract.name} rotates its secret less often than every {_limit_days} days"
}

_intervals[["spec", "rotation", "interval"]] := input.spec.rotation.interval_s

_intervals[["spec", "environments", label, "rotation", "interval"]] := environment.rotation.interval_s if {
	some label, environment in contract.environments
}

default _limit_days := 365

_limit_days := 730 if input.spec.class in {"encryption-key", "signing-key"}
