# METADATA
# title: Contract does not say how consumers get the secret
# description: >-
#   A secret in an argument or an image is seen by many, one in a file by few. Without
#   a list every way is as good as any other.
# custom:
#   severity: medium
#   fix: List the ways in spec.delivery, for example [file, csi], or have the SecretClass set them.
#   tags: [delivery]
package policyctl.contract.delivery_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "delivery"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	contract.missing(["delivery"])
	message := $"contract {contract.name} does not say how consumers get its secret"
}
