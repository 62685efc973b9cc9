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

# The classes that come with policyctl have limits of their own, which say this first.
deny contains {"path": path, "subject": contract.name, "message": message} if {
	contract.in_force
	contract.secret
	input.class.builtin == false
	some label, rotation in contract.rotations
	is_number(rotation.interval_s)
	rotation.interval_s > _limit_days * 86400
	path := contract.rotation_path(label, "interval")
	message := $"contract {contract.name} rotates its secret every {rotation.interval}, less often than every {_limit_days} days"
}

default _limit_days := 365

_limit_days := 730 if input.spec.class in {"encryption-key", "signing-key"}
