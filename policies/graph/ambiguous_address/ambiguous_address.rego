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
	message := $"contract {name} names {found.address}, which is ambiguous: {concat(", ", found.candidates)}"
}
