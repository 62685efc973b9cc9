# METADATA
# title: Static secret has a time to live
# description: >-
#   A static secret is valid until somebody rotates it. A time to live beside it
#   promises an end that never comes.
# custom:
#   severity: medium
#   fix: Remove ttl and maxTtl and set spec.rotation.interval, or set spec.lifetime.kind to what the secret is.
#   tags: [lifetime]
package policyctl.contract.ttl_forbidden

import data.policyctl.lib.contract

deny contains {"path": ["spec", "lifetime", field], "subject": contract.name, "message": message} if {
	contract.in_force
	contract.static
	some field in ["ttl", "maxTtl"]
	not contract.missing(["lifetime", field])
	message := $"contract {contract.name} has a {field} for its static secret"
}
