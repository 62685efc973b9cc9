# METADATA
# title: Production and others share one value
# description: |
#   One entry of a store, or one slot that holds a value, serves production and an
#   environment that is not: whoever can read the one for tests can use the other.
# custom:
#   severity: high
#   tags: [environments]
#   cwe: [668]
#   fix: Give the environment that is not production an entry and a value of its own, and name it in the contract.
package policyctl.graph.object_shared_across_tiers

import data.policyctl.lib.graph

# Environments of one contract with the same entry break
# contract/environments-share-object.
deny contains {
	"path": ["contracts", name, "spec", "environments", environment, "path"],
	"subject": id,
	"message": $"{id} serves {environment} by contract {name} and {production} by contract {owner}",
	"related": [{"message": $"{production} by contract {owner}", "path": ["contracts", owner, "spec", "environments", production, "path"]}],
} if {
	some [[id, "nonprod"], [name, environment]] in _served
	[owner, production] := _production[id]
	name != owner
}

# The result does not say which use it was, so that all of a slot make one.
deny contains {
	"path": ["contracts", other.contract, "spec", "environments", other.environment, "references"],
	"subject": item.slot,
	"message": $"{item.name} serves {other.environment} by contract {other.contract} and {production.environment} by contract {production.contract}",
	"related": [{
		"message": $"{production.environment} by contract {production.contract}",
		"path": ["contracts", production.contract, "spec", "environments", production.environment, "references"],
	}],
} if {
	some item in array.concat(_holding, object.get(input, "objects", []))
	some other in item.claims
	other.tier == "nonprod"
	production := [claim | some claim in item.claims; claim.tier == "prod"; _counts(claim)][0]
	_counts(other)
	not _same_entry(production, other)
}

_holding := [use |
	some use in input.uses
	count(use.claims) > 1
	use.holds_value
	graph.exact(use)
]

_counts(claim) if {
	not claim.via_store
	graph.in_force(claim)
}

_same_entry(a, b) if _entry(a) == _entry(b)

_entry(claim) := input.contracts[claim.contract].spec.environments[claim.environment].object

_production := {id: first |
	some [[id, "prod"], first] in graph.firsts(_served)
}

# _served are the environments, with the entry that they have, and their tier.
_served contains [[environment.object, environment.tier], [name, label]] if {
	some name, contract in input.contracts
	graph.in_force(contract)
	some label, environment in contract.spec.environments
}
