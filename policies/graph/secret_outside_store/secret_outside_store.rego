# METADATA
# title: Secret has no home in a store
# description: |
#   The value stands only where it is used. Nobody can rotate it in one place, see who
#   reads it, or say which of its copies holds.
# custom:
#   severity: medium
#   tags: [inventory]
#   fix: Keep the value in a store of the catalogue, name store and path under spec.environments of the contract, and supply the slot from there.
package policyctl.graph.secret_outside_store

import data.policyctl.lib.graph

# Without a store in the catalogue there is none to keep it in.
deny contains {
	"path": ["contracts", name, "spec", "environments"],
	"at": "key",
	"subject": name,
	"message": $"contract {name} names no entry of a store; the value of {holding[0].value.name} stands in {holding[0].value.slot} alone",
	"related": [{"message": "a use of it", "path": holding[0].path}],
} if {
	count(input.stores) > 0
	some name, contract in input.contracts
	contract.state in {"active", "deprecated"}
	contract.class != "identifier"
	not _stored(contract)
	holding := [use | some use in graph.uses(name); use.value.holds_value; graph.exact(use.value)]
	not _supplied(name)
	count(holding) > 0
}

_stored(contract) if {
	some environment in contract.spec.environments
	environment.object
}

_stored(contract) if count(contract.objects) > 0

# A file that SOPS encrypts is a home as well.
_stored(contract) if count(contract.spec.references.sops) > 0

_stored(contract) if {
	some environment in contract.spec.environments
	count(environment.references.sops) > 0
}

_supplied(name) if {
	some use in graph.uses(name)
	not use.value.holds_value
	count(use.value.chain) > 1
}
