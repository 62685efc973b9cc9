# METADATA
# title: Job gets a production secret without an environment
# description: |
#   Every job of every branch gets the secrets of a repository. An environment limits
#   a secret to branches, and lets people approve before a job gets it.
# custom:
#   severity: high
#   tags: [least-privilege, environments]
#   cwe: [250]
#   fix: Store the secret in a protected environment, name that environment in the job, and write it before the name in the contract (ENVIRONMENT/NAME).
package policyctl.graph.production_secret_without_environment

import data.policyctl.lib.graph

# A job that gets a secret in several places is one finding.
deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"{use.consumer} gets {use.name}, which contract {claim.contract} declares for {claim.environment}, a production environment, and names no environment",
	"related": [graph.contract(claim.contract)],
} if {
	some [_, i] in graph.firsts(_unbound)
	use := input.uses[i]
	claim := use.claims[0]
}

_unbound contains [[use.consumer, use.slot], i] if {
	some i, use in input.uses
	use.binds_environment == false
	use.holds_value
	graph.exact(use)
	every claim in use.claims {
		claim.tier == "prod"
		graph.in_force(claim)
		not claim.via_store
	}
}
