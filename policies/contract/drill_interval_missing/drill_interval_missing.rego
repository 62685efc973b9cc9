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
	contract.missing(["drill", "interval"])
	because := _because
	message := $"contract {contract.name} does not say how often its revocation is practised, although {because}"
}

_because := "the risk is critical" if {
	input.spec.risk.rating == "critical"
} else := $"its class {input.class.name} asks for drills" if contract.asks("drill")
