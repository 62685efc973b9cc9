# METADATA
# title: Contract is never reviewed
# description: >-
#   Teams, consumers and risks change. Without a date nobody reads the contract again,
#   and it allows what nobody wants any more.
# custom:
#   severity: medium
#   fix: Set spec.review.interval, for example to 180d, or have the SecretClass set it.
#   tags: [review]
package policyctl.contract.review_interval_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "review", "interval"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	contract.missing(["review", "interval"])
	message := $"contract {contract.name} does not say how often it is reviewed"
}
