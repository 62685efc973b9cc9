# METADATA
# title: Contract does not say how long the secret lives
# description: >-
#   Whether a secret has to be rotated, renewed or only thrown away depends on how
#   long it is valid.
# custom:
#   severity: medium
#   fix: Set spec.lifetime.kind to static, short-lived or dynamic, or have the SecretClass set it.
#   tags: [lifetime]
package policyctl.contract.lifetime_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "lifetime", "kind"], "subject": contract.name, "message": message} if {
	contract.in_force
	contract.secret
	contract.missing(["lifetime", "kind"])
	message := $"contract {contract.name} does not say how long its secret lives{contract.looked}"
}
