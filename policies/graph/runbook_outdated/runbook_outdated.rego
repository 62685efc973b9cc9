# METADATA
# title: Nobody has looked at the runbook for a year
# description: >-
#   A runbook that was neither changed nor reviewed nor practised for a year describes
#   another system.
# custom:
#   severity: medium
#   fix: Go through the runbook, correct it, and write the date into status.lastReviewed, or status.lastDrilled if it was practised.
#   tags: [clock, response]
package policyctl.graph.runbook_outdated

import data.policyctl.lib.graph

deny contains {"path": ["contracts", name, "spec", "runbook"], "subject": name, "message": message} if {
	some name, contract in input.contracts
	graph.in_force(contract)
	changed := input.runbooks[contract.spec.runbook].changed_ns
	seen := max([changed, object.get(contract, ["status", "lastReviewed_ns"], 0), object.get(contract, ["status", "lastDrilled_ns"], 0)])
	seen + (_limit_days * 86400000000000) < data.run.now_ns
	message := $"nobody has looked at the runbook {contract.spec.runbook} of contract {name} since {graph.day(seen)}"
}

_limit_days := 365
