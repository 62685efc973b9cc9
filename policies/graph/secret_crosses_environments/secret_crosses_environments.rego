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

deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"{use.consumer} runs in {use.environment} and uses {use.name}, which contract {claim.contract} declares for {claim.environment}",
	"related": [{"message": "the contract", "path": ["uses", i, "claims", k]}],
} if {
	some i, use in input.uses
	use.confidence == "exact"
	use.environment
	some k, claim in use.claims
	claim.environment
	not claim.via_store # what supplies it is judged where that is written
	not _covered(use)
	_first(use, k)
}

deny contains {
	"path": ["supplies", i],
	"subject": supply.slot,
	"message": $"{supply.slot} is for {supply.environment} and takes {supply.name}, which contract {claim.contract} declares for {claim.environment}",
	"related": [{"message": "the contract", "path": ["supplies", i, "claims", k]}],
} if {
	some i, supply in input.supplies
	supply.environment
	some k, claim in supply.claims
	claim.environment
	not _covered(supply)
	_first(supply, k)
}

# A claim without an environment is for all of them.
_covered(use) if {
	some claim in use.claims
	not claim.environment
}

_covered(use) if {
	some claim in use.claims
	claim.environment == use.environment
}

_first(use, k) if k == min([n | some n, claim in use.claims; claim.environment])
