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

deny contains {"path": ["contracts", name], "subject": name, "message": message} if {
	input.complete
	some name, contract in input.contracts
	contract.state == "active"
	contract.claims > 0
	not contract.used
	not _reached(contract)
	message := $"contract {name} is active, but nothing in the repository uses the secret"
}

# Whoever gets every secret in reach may use this one.
_reached(contract) if contract.wildcard

# Where infrastructure code makes an entry that nothing uses, that is what must go.
_reached(contract) if count(contract.objects) > 0
