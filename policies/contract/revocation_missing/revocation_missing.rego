# METADATA
# title: Contract does not say how to revoke the secret
# description: >-
#   A leaked secret harms until it is revoked. How that is done has to be known
#   before.
# custom:
#   severity: medium
#   fix: Set spec.revocation.method, and spec.revocation.within to the time it may take.
#   tags: [response]
package policyctl.contract.revocation_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "revocation", "method"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	contract.missing(["revocation", "method"])
	message := $"contract {contract.name} does not say how the secret is revoked"
}

deny contains {"path": ["spec", "revocation", "within"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	not contract.missing(["revocation", "method"])
	contract.missing(["revocation", "within"])
	message := $"contract {contract.name} does not say within which time the secret is revoked"
}
