# METADATA
# title: Contract does not say how the secret is renewed
# description: >-
#   When a secret comes to its end somebody or something has to put a new one in its
#   place. Who does not know which of the two learns it from an outage.
# custom:
#   severity: medium
#   fix: Set spec.renewal.method to auto, reissue or manual, or have the SecretClass set it.
#   tags: [rotation]
package policyctl.contract.renewal_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "renewal", "method"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	contract.missing(["renewal", "method"])
	message := $"contract {contract.name} does not say how its secret is renewed{contract.looked}"
}
