# METADATA
# title: Secret that is not static has no time to live
# description: >-
#   A credential that is issued anew each time is only better than a static one if it
#   soon stops working.
# custom:
#   severity: medium
#   fix: Set spec.lifetime.ttl to how long the credential is valid, for example 1h.
#   tags: [lifetime]
package policyctl.contract.ttl_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "lifetime", "ttl"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	input.spec.lifetime.kind in {"short-lived", "dynamic"}
	contract.missing(["lifetime", "ttl"])
	message := $"contract {contract.name} does not say how long its {input.spec.lifetime.kind} secret is valid"
}
