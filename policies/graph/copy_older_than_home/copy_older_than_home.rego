# METADATA
# title: Rotation did not reach a copy of the secret
# description: >-
#   The value in the store is newer than the copy that this consumer gets. Either the
#   consumer does not work, or the old value was never revoked.
# custom:
#   severity: high
#   fix: Write the new value into the copy, and let the store sync it, or have the consumer read the store itself.
#   tags: [rotation]
package policyctl.graph.copy_older_than_home

import data.policyctl.lib.evidence
import data.policyctl.lib.graph

# One finding for each slot of a contract, at its first use.
deny contains {"path": ["uses", i], "subject": slot, "message": message, "related": [graph.contract(name)]} if {
	some name, slots in _copies
	graph.in_force(input.contracts[name])
	some slot, indices in slots
	i := min(indices)
	use := input.uses[i]
	home := evidence.homes(name)[_environment(use, name)]
	copy := evidence.entry(slot)
	copy.changed_ns < home.changed_ns
	copy.as_of_ns >= home.changed_ns # what happened after the export it cannot tell
	message := $"{use.name} was last written on {graph.day(copy.changed_ns)}, but the store of contract {name} on {graph.day(home.changed_ns)}"
}

# _copies are the uses of slots that hold a value of their own, by contract and slot.
_copies[claim.contract][use.slot] contains i if {
	input.evidence
	some i, use in input.uses
	graph.exact(use)
	use.holds_value
	some claim in use.claims
}

# A claim for all environments is for that of the use.
_environment(use, name) := [environment |
	some claim in use.claims
	claim.contract == name
	environment := object.get(claim, "environment", object.get(use, "environment", ""))
][0]
