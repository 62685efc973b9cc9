# METADATA
# title: Secrets need each other
# description: >-
#   Each of the secrets is obtained by another one of them. After an outage, or when
#   all are revoked, nobody gets in.
# custom:
#   severity: high
#   fix: Break the circle and let one of the secrets be obtained by something that needs none of the others.
#   tags: [response]
package policyctl.graph.needs_cycle

import data.policyctl.lib.graph

# One finding for each circle, at its first contract.
deny contains {"path": ["contracts", name, "spec", "dependencies", "needs"], "subject": name, "message": message, "related": related} if {
	some name, contract in input.contracts
	name == min(contract.needs_cycle)
	message := _message(contract.needs_cycle)
	related := [graph.contract(other) | some other in contract.needs_cycle; other != name]
}

_message([name]) := $"contract {name} needs itself"

_message(names) := $"contracts need each other: {concat(", ", names)}" if count(names) > 1
