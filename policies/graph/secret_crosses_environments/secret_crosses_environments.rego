# METADATA
# title: Secret of another environment
# description: |
#   Environments are kept apart so that what leaks from one cannot open the other.
#   A secret that one environment takes from another joins them again.
# custom:
#   severity: high
#   tags: [environments]
#   fix: Give this environment a value of its own, and declare it under spec.environments of the contract.
package policyctl.graph.secret_crosses_environments

import data.policyctl.lib.graph

# What gets the value of production without being production is a rule of its own.
deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"{use.consumer} runs in {use.environment} and uses {use.name}, which contract {claim.contract} declares for {claim.environment}",
	"related": [graph.contract(claim.contract)],
} if {
	some i, use in input.uses
	some other in use.claims # most uses end here
	other.environment != use.environment
	graph.exact(use)
	claim := use.claims[graph.foreign(use)]
	not graph.production(use)
}

deny contains {
	"path": ["supplies", i],
	"subject": supply.slot,
	"message": $"{supply.slot} is for {supply.environment} and takes {supply.name}, which contract {claim.contract} declares for {claim.environment}",
	"related": [graph.contract(claim.contract)],
} if {
	some i, supply in input.supplies
	supply.environment
	not graph.covered(supply)
	claim := supply.claims[0]
	not graph.production(supply)
}
