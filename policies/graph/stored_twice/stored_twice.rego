# METADATA
# title: Secret stands in two stores
# description: |
#   The value is kept in a second store that the contract does not know. A rotation
#   does not reach it, and whoever may read that store has the secret too.
# custom:
#   severity: medium
#   tags: [inventory]
#   fix: Remove the second entry, or declare it under spec.environments.*.copies of the contract.
package policyctl.graph.stored_twice

import data.policyctl.lib.graph

deny contains {
	"path": ["objects", i],
	"subject": entry.slot,
	"message": $"{entry.name} puts the secret of contract {name} into {entry.store_type} for {label}, but its home there is {store}",
	"related": [{"message": $"the home in {label}", "path": ["contracts", name, "spec", "environments", label, "store"]}],
} if {
	some i, entry in input.objects
	some [name, label] in {[claim.contract, _environment(claim, entry)] | some claim in entry.claims; graph.in_force(claim)}
	environment := input.contracts[name].spec.environments[label]
	store := environment.store
	entry.store_type != input.stores[store].type
	not _copy(environment, entry)
}

_environment(claim, _) := claim.environment

_environment(claim, entry) := entry.environment if not claim.environment

_copy(environment, entry) if {
	some copy in environment.copies
	some id in [entry.id, object.get(entry, "entry", entry.id)]
	_same(copy, id)
}

# A locator has the kind of the place before the name.
_same(copy, id) if copy == id

_same(copy, id) if endswith(copy, $":{trim_prefix(id, "tf:")}")

_same(copy, id) if endswith(copy, $"/{id}")
