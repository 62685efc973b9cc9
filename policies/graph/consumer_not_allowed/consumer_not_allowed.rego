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

deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"{use.consumer} uses {use.name}, but contract {claim.contract} does not list it as a consumer",
	"related": [{"message": "the contract", "path": ["uses", i, "claims", k]}],
} if {
	some i, use in _judged
	some k, claim in use.claims
	not _listed(use)
	_first(use, k)
}

deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"{use.consumer} uses {use.name}, but its time in contract {claim.contract} ended on {day}",
	"related": [{"message": "the contract", "path": ["uses", i, "claims", k]}],
} if {
	some i, use in _judged
	some k, claim in use.claims
	not _current(use)
	claim.listed
	day := time.format([claim.until_ns, "UTC", "2006-01-02"])
}

_judged[i] := use if {
	some i, use in input.uses
	use.confidence == "exact"
}

# One claim stands for all: they say the same.
_first(use, k) if k == min([n | some n, _ in use.claims])

_listed(use) if {
	some claim in use.claims
	claim.listed
}

_current(use) if {
	some claim in use.claims
	claim.listed
	not _ended(claim)
}

_ended(claim) if claim.until_ns < data.run.now_ns
