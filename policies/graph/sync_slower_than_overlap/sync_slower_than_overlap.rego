# METADATA
# title: New value arrives after the old one ended
# description: |
#   After a rotation the old value stays valid for a while. Here the copy is read from
#   the store more rarely than that: each rotation is an outage until the next read.
# custom:
#   severity: medium
#   tags: [rotation]
#   fix: Read the store more often than spec.rotation.overlap (refreshInterval), or lengthen the overlap in the contract and in the rotation.
package policyctl.graph.sync_slower_than_overlap

import data.policyctl.lib.graph

# The contract with the shortest overlap stands for all.
deny contains {
	"path": ["supplies", i, "refresh_s"],
	"subject": supply.slot,
	"message": $"{supply.slot} is read from the store every {graph.duration(supply.refresh_s)}, but contract {name} keeps the old value valid for {overlap.value} only",
	"related": [{"message": $"the overlap of contract {name}", "path": overlap.path}],
} if {
	some i, supply in input.supplies
	supply.refresh_s > 0
	[_, name, overlap] := min({[overlap.seconds, claim.contract, overlap] |
		some claim in supply.claims
		graph.in_force(claim)
		environment := object.get(claim, "environment", null)
		graph.automated(claim.contract, environment)
		overlap := graph.rotation(claim.contract, environment, "overlap")
		is_number(overlap.seconds)
	})
	supply.refresh_s > overlap.seconds
}
