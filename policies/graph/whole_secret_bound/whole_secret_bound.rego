# METADATA
# title: All keys of a secret are bound where the contract lists some
# description: |
#   The contract gives the consumer single keys of the Kubernetes Secret, the manifest
#   gives it all of them, and every key that is added later.
# custom:
#   severity: high
#   tags: [least-privilege]
#   cwe: [250]
#   fix: Bind the keys that the contract lists one by one (secretKeyRef, or items of a volume), or let the owner of the contract list the whole secret.
package policyctl.graph.whole_secret_bound

import data.policyctl.lib.graph

deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"{use.consumer} gets all keys of {use.name}, but contract {name} lists single ones",
	"related": [graph.contract(name)],
} if {
	some i, use in input.uses
	some claim in use.claims
	claim.narrower
	graph.exact(use)
	graph.in_force(claim)
	name := claim.contract
}
