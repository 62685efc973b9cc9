# METADATA
# title: Static secret has no rotation interval
# description: >-
#   A static secret is valid until somebody rotates it. Without an agreed interval
#   that is when it has leaked.
# custom:
#   severity: medium
#   fix: Set spec.rotation.interval, for example to 90d, or give the secret a short life with spec.lifetime.
#   tags: [rotation]
package policyctl.contract.rotation_interval_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "rotation", "interval"], "subject": contract.name, "message": message} if {
	contract.established
	contract.static
	contract.missing(["rotation", "interval"])
	not _every_environment_has_its_own
	message := $"contract {contract.name} has no rotation interval for its static secret{contract.looked}"
}

_every_environment_has_its_own if {
	count(contract.environments) > 0
	every label, _ in contract.environments {
		contract.rotation_seconds(label, "interval")
	}
}
