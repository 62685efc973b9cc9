# METADATA
# title: Secret of production outside of production
# description: |
#   What is not production gets the value of production, directly or by way of a
#   store. It is guarded less, more people reach it, and the value opens the real data.
# custom:
#   severity: critical
#   tags: [environments]
#   cwe: [668]
#   fix: Give this environment an entry and a value of its own, name them under spec.environments of the contract, and rotate the value of production.
package policyctl.graph.production_object_outside_production

import data.policyctl.lib.graph

deny contains {
	"path": ["supplies", i],
	"subject": supply.slot,
	"message": $"{supply.slot} is for {supply.environment} and takes {supply.name}, which contract {claim.contract} declares for {claim.environment}, a production environment",
	"related": [graph.contract(claim.contract)],
} if {
	some i, supply in input.supplies
	claim := supply.claims[graph.production(supply)]
}

deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"{use.consumer} runs in {use.environment} and uses {use.name}, which contract {claim.contract} declares for {claim.environment}, a production environment",
	"related": [graph.contract(claim.contract)],
} if {
	some i, use in input.uses
	use.tier == "nonprod"
	some production in use.claims # most uses end here
	production.tier == "prod"
	graph.exact(use)
	claim := use.claims[graph.production(use)]
	not graph.secret(use.slot) in _supplied
}

# What supplies a slot is what must be changed: its uses say nothing new.
_supplied := {graph.secret(supply.slot) | some supply in input.supplies; graph.production(supply)}
