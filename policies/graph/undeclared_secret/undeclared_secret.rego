# METADATA
# title: Secret that no contract declares
# description: |
#   An inventory holds only if every use of a secret is declared. Nobody owns this
#   one: nobody rotates it, and in an incident nobody knows what it opens.
# custom:
#   severity: high
#   tags: [inventory]
#   fix: Add the name to spec.references of the contract that owns the secret, or write a contract for it.
package policyctl.graph.undeclared_secret

# A repository without any contract has not begun with them: saying so at every
# secret would help nobody.
deny contains {
	"path": ["uses", first],
	"subject": slot,
	"message": $"secret {name} is used but no contract declares it",
	"related": [{"message": "also used here", "path": ["uses", i]} | some i in array.slice(uses, 1, 6)],
} if {
	input.adopted
	some slot, uses in _undeclared
	first := uses[0]
	name := input.uses[first].name
}

deny contains {
	"path": ["objects", i],
	"subject": object.slot,
	"message": $"secret {object.name} is created but no contract declares it",
} if {
	input.adopted
	some i, object in input.objects
	count(object.claims) == 0
}

# The uses of each slot, as indices in the order of the files.
_undeclared[slot] := [i | some i, use in input.uses; use.slot == slot; _exact(use)] if {
	some use in input.uses
	slot := use.slot
	_exact(use)
}

# Where the name is a parameter, or means every secret in reach, the caller
# decides which secret it is.
_exact(use) if {
	use.confidence == "exact"
	count(use.claims) == 0
}
