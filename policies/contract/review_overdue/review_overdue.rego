# METADATA
# title: Review is overdue
# description: >-
#   Teams, consumers and risks change. A contract that nobody has read since then
#   allows what nobody wants any more.
# custom:
#   severity: medium
#   fix: Read the contract with its owner, correct it, and write the date into status.lastReviewed.
#   tags: [clock, review]
package policyctl.contract.review_overdue

import data.policyctl.lib.contract

deny contains {"path": ["status", "lastReviewed"], "subject": contract.name, "message": message, "related": related} if {
	contract.in_force
	due := contract.overdue(input.status.lastReviewed_ns, input.spec.review.interval_s)
	message := $"contract {contract.name} was last reviewed on {contract.day(input.status.lastReviewed_ns)} and was due on {due}"
	related := [{"path": ["spec", "review", "interval"], "message": "the interval"}]
}
