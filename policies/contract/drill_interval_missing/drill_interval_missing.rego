# METADATA
# title: Revocation of a critical secret is never practised
# description: >-
#   A critical secret has to be revoked within the hour. What was never practised
#   takes longer, and breaks what nobody thought of.
# custom:
#   severity: medium
#   fix: Set spec.drill.interval, for example to 180d.
#   tags: [response]
package policyctl.contract.drill_interval_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "drill", "interval"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	input.spec.risk.rating == "critical"
	contract.missing(["drill", "interval"])
	message := $"contract {contract.name} does not say how often its revocation is practised, although the risk is critical"
}
