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
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"secret {use.name} is used but no contract declares it",
	"related": [{"message": "also used here", "path": ["uses", other]} | some other in use.undeclared],
} if {
	input.adopted
	some i, use in input.uses
	use.undeclared
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
