# METADATA
# title: Contract names an address that several resources have
# description: >-
#   Which of the resources is meant decides who may read the secret and how it is
#   rotated. Nobody can tell.
# custom:
#   severity: high
#   fix: Write the address with its folder, as in infra/prod//aws_secretsmanager_secret.db.
#   tags: [inventory]
package policyctl.graph.ambiguous_address

deny contains {"path": ["contracts", name, "ambiguous", i], "subject": name, "message": message} if {
	some name, contract in input.contracts
	some i, found in contract.ambiguous
	candidates := [_reference(candidate) | some candidate in found.candidates]
	message := $"contract {name} names an address that several resources have: {concat(", ", candidates)}"
}

# _reference writes the id of a slot as contracts do.
_reference(slot) := trim_prefix(slot, "tf:") if startswith(slot, "tf:")

_reference(slot) := replace(trim_prefix(slot, "tf-var:"), "//", "//var.") if startswith(slot, "tf-var:")
