# METADATA
# title: Entry of a store that nothing uses
# description: |
#   Infrastructure code makes an entry for a secret that nothing in the repository
#   uses. What nobody uses stays valid, and nobody notices when it is stolen.
# custom:
#   severity: medium
#   tier: strict
#   tags: [inventory]
#   fix: Revoke the secret, remove the resource and set spec.state of the contract to retired, or add the name under which it is used to spec.references.
package policyctl.graph.unused_store_object

import data.policyctl.lib.graph

# An entry that no contract claims is undeclared-secret.
deny contains {
	"path": ["objects", i],
	"subject": entry.slot,
	"message": $"{entry.name} of contract {graph.some_of(names)} is made here, but nothing in the repository uses it",
	"related": [graph.contract(name) | some name in names],
} if {
	input.complete
	some i, entry in input.objects
	names := {claim.contract | some claim in entry.claims}
	count(names) > 0
	every name in names {
		_unused(input.contracts[name])
	}
}

# What is handed on, or opened to an identity, may be used outside of the repository.
_unused(contract) if {
	contract.state == "active"
	every kind in ["uses", "supplies", "grants"] {
		object.get(contract, kind, []) == []
	}
}
