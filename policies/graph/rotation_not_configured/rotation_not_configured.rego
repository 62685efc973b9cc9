# METADATA
# title: Store is to rotate a secret, and nothing tells it to
# description: |
#   The contract says that the store replaces the value by itself. Infrastructure code
#   makes the entry and sets no rotation for it, so that nobody does.
# custom:
#   severity: high
#   tags: [rotation]
#   fix: Set a rotation for the entry, or say in spec.rotation.method of the contract who replaces the value.
package policyctl.graph.rotation_not_configured

import data.policyctl.lib.graph

deny contains {
	"path": ["objects", i],
	"subject": object_.slot,
	"message": $"{object_.name} is made without a rotation, but contract {name} says that its store rotates it",
	"related": [{"message": $"contract {name}", "path": method.path}],
} if {
	input.complete
	count(_open) == 0
	some name, contract_ in input.contracts
	graph.in_force(contract_)
	count(object.get(contract_, "rotations", [])) == 0
	some i in contract_.objects
	object_ := input.objects[i]
	object_.store_type in {"aws-secretsmanager", "gcp-secretmanager"} # others are set up elsewhere
	method := graph.rotation(name, object.get(object_, "environment", ""), "method")
	method.value == "store"
}

# _open are rotations of which nobody knows what they rotate: it may be this.
_open := [rotation | some rotation in input.rotations; count(object.get(rotation, "contracts", [])) == 0]
