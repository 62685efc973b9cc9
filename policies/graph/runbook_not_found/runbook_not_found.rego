# METADATA
# title: Runbook does not exist
# description: >-
#   In an incident nobody has the time to find out where the runbook went.
# custom:
#   severity: high
#   fix: Write the runbook at that path, or correct spec.runbook.
#   tags: [response]
package policyctl.graph.runbook_not_found

import data.policyctl.lib.graph

deny contains {"path": ["contracts", name, "spec", "runbook"], "subject": name, "message": message} if {
	some name, contract in input.contracts
	graph.in_force(contract)
	input.runbooks[contract.spec.runbook].found == false
	message := $"the runbook {contract.spec.runbook} of contract {name} does not exist"
}
