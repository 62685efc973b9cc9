# METADATA
# title: Secret used by somebody its contract does not list
# description: |
#   The list of consumers in a contract is who may have the secret. Whoever else
#   gets it was never agreed to, and is forgotten when the secret is rotated.
# custom:
#   severity: high
#   tags: [least-privilege]
#   fix: Stop handing the secret to this consumer, or have its owner add the consumer to spec.consumers of the contract.
package policyctl.graph.consumer_not_allowed

import data.policyctl.lib.graph

deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"{use.consumer} uses {use.name}, but contract {claim.contract} does not list it as a consumer",
	"related": [graph.contract(claim.contract)],
	"fix": {"op": "add", "path": ["contracts", claim.contract, "spec", "consumers"], "value": _entry(use)},
} if {
	some i, use in input.uses
	some unlisted in use.claims # most uses end here
	unlisted.listed == false
	graph.exact(use)
	not graph.listed(use)
	not _elsewhere(use)
	claim := use.claims[_first(use, false)]
}

deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"{use.consumer} uses {use.name}, but its time in contract {claim.contract} ended on {day}",
	"related": [graph.contract(claim.contract)],
} if {
	some i, use in input.uses
	some late in use.claims
	_ended(late)
	graph.exact(use)
	graph.listed(use)
	not _current(use)
	not _elsewhere(use)
	claim := use.claims[_first(use, true)]
	day := graph.day(claim.until_ns)
}

# _entry is what the owner would add to the list.
_entry(use) := {"workload": use.consumer, "environments": [use.environment]} if {
	use.environment
} else := {"workload": use.consumer}

# One claim stands for all: they say the same. That a retired secret is used at all
# is another rule.
_first(use, listed) := min([k |
	some k, claim in use.claims
	graph.in_force(claim)
	claim.listed == listed
])

_current(use) if {
	some claim in use.claims
	claim.listed
	not _ended(claim)
}

_ended(claim) if claim.until_ns < data.run.now_ns

# That a secret is used in the wrong environment are rules of their own.
_elsewhere(use) if graph.production(use)

_elsewhere(use) if graph.foreign(use)
