# METADATA
# title: Contract does not rate the risk of the secret
# description: >-
#   How fast a secret must be revoked, how often it is reviewed and whether revoking
#   is practised depends on what it opens.
# custom:
#   severity: medium
#   fix: Set spec.risk.rating to low, medium, high or critical, or have the SecretClass set it.
#   tags: [inventory]
package policyctl.contract.risk_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "risk", "rating"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	contract.missing(["risk", "rating"])
	message := $"contract {contract.name} does not rate the risk of its secret"
}
