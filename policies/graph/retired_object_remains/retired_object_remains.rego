# METADATA
# title: Entry of a retired secret is still made
# description: |
#   The contract says that the secret is retired, yet infrastructure code still makes
#   its entry: what was given up stays valid in the store.
# custom:
#   severity: medium
#   tags: [inventory]
#   fix: Revoke the secret and remove the resource, or set spec.state of the contract back to active.
package policyctl.graph.retired_object_remains

import data.policyctl.lib.graph

deny contains {
	"path": ["objects", i],
	"subject": entry.slot,
	"message": $"{entry.name} is made here, but contract {name} says that it is retired",
	"related": [{"message": "the contract's state", "path": ["contracts", name, "spec", "state"]}],
} if {
	some i, entry in input.objects
	name := min({claim.contract | some claim in entry.claims})
	every claim in entry.claims {
		not graph.in_force(claim)
	}
}
