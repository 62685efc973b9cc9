# METADATA
# title: Secret has expired
# description: >-
#   What expires stops working, and what is declared as expired but still works was
#   never revoked.
# custom:
#   severity: high
#   fix: Renew the secret and correct the date, or revoke it and set spec.state to retired.
#   tags: [clock, lifetime]
package policyctl.contract.expired

import data.policyctl.lib.contract

deny contains {"path": ["spec", "environments", label, "expires"], "subject": contract.name, "message": message} if {
	contract.in_force
	some label, environment in contract.environments
	is_number(environment.expires_ns)
	environment.expires_ns < data.run.now_ns
	message := $"contract {contract.name}: the secret of environment {label} expired on {contract.day(environment.expires_ns)}"
}
