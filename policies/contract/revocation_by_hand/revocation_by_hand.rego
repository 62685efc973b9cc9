# METADATA
# title: Revocation is promised faster than by hand
# description: >-
#   Within an hour somebody must notice, wake up, log in and find the right page. Only
#   automation keeps a promise that short.
# custom:
#   severity: high
#   fix: Name what revokes the secret in spec.revocation.automation, or raise within to what people can keep.
#   tags: [response]
package policyctl.contract.revocation_by_hand

import data.policyctl.lib.contract

deny contains {"path": ["spec", "revocation", "automation"], "subject": contract.name, "message": message, "related": related} if {
	contract.established
	contract.secret
	is_number(input.spec.revocation.within_s)
	input.spec.revocation.within_s < 3600
	contract.missing(["revocation", "automation"])
	message := $"contract {contract.name} has its secret revoked within {input.spec.revocation.within} but names no automation that does it"
	related := [{"path": ["spec", "revocation", "within"], "message": "the time"}]
}
