# METADATA
# title: Contract of a secret that nothing uses
# description: |
#   A credential that nothing uses any more stays valid until somebody revokes it,
#   and nobody notices when it is stolen.
# custom:
#   severity: medium
#   tags: [inventory]
#   fix: Revoke the secret and set spec.state to retired, or correct spec.references if it is used under another name.
package policyctl.graph.orphaned_contract

deny contains {
	"path": ["contracts", name],
	"subject": name,
	"message": $"contract {name} is {contract.state}, but nothing in the repository uses the secret{_but(contract)}",
	"related": [{"message": "an entry for it is made here", "path": ["objects", i]} | some i in contract.objects],
} if {
	input.complete
	some name, contract in input.contracts
	contract.state in {"active", "proposed"}
	contract.claims > 0
	not contract.used
	not _handed_on(contract)
}

# What fills another slot, or is opened to an identity, may be used elsewhere.
_handed_on(contract) if count(contract.supplies) > 0

_handed_on(contract) if count(contract.grants) > 0

_but(contract) := " by its name, although something gets every secret in reach" if {
	contract.wildcard
} else := ""
