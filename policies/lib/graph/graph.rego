# Package graph answers what rules ask the graph of a repository. It goes from a
# contract to what belongs to it, by the indices that the graph carries: a rule
# that compares every use with every contract would not end on a large repository,
# and partial objects (p[k] := v) over uses or contracts would not either.
package policyctl.lib.graph

# uses are the uses of a contract, those that only a wildcard reaches included.
uses(name) := _items("uses", name)

# objects are the entries of stores that infrastructure code makes for a contract.
objects(name) := _items("objects", name)

# supplies are the ways by which entries of stores reach slots.
supplies(name) := _items("supplies", name)

# rotations are the schedules that infrastructure code sets for a contract.
rotations(name) := _items("rotations", name)

# ttls are the lifetimes that infrastructure code sets for a contract.
ttls(name) := _items("ttls", name)

# grants are the rights to read the objects of a contract.
grants(name) := _items("grants", name)

# A path of an item extends to its fields.
_items(kind, name) := [{"path": [kind, i], "value": input[kind][i]} | some i in input.contracts[name][kind]]

# consumers are those who certainly use a contract.
consumers(name) := {use.value.consumer | some use in uses(name); exact(use.value)}

# exact holds for a use whose name stands there: no other may block.
exact(use) if use.confidence == "exact"

# listed holds for a use that a contract allows, be it that its time has ended.
listed(use) if {
	some claim in use.claims
	claim.listed
}

# covered holds for a use or supply that a contract claims for its environment. A
# claim without an environment is for all of them.
covered(item) if {
	some claim in item.claims
	not claim.environment
}

covered(item) if {
	some claim in item.claims
	claim.environment == item.environment
}

# foreign is the first claim that a contract makes for another environment than the
# one in which something is used. What a store supplies to a slot is judged where
# that is written.
foreign(use) := min([k |
	some k, claim in use.claims
	claim.environment
	not claim.via_store
]) if {
	use.environment
	not covered(use)
}

# production is the first claim by which something that is not production gets the
# value of production: the claims on the home of the value are all for production.
production(item) := min(_home(item)) if {
	item.tier == "nonprod"
	every k in _home(item) {
		item.claims[k].tier == "prod"
	}
}

# The home of a value is the entry of a store that supplies it, if there is one.
_home(item) := stored if {
	stored := [k | some k, claim in item.claims; claim.via_store]
	count(stored) > 0
} else := [k | some k, _ in item.claims]

# states are those of the contracts that claim the same as a claim: what one gives
# up another may have taken over. Of a Secret that is used whole, each key counts
# for itself.
states(use, claim) := {other.state | some other in use.claims; _part(other) == _part(claim)}

_part(claim) := object.get(claim, "part", "")

# in_force holds unless the secret of the contract is retired.
in_force(contract) if not contract.state == "retired"

# rated holds for contracts whose risk is at least as high as rating.
rated(contract, rating) if _ratings[contract.rating] >= _ratings[rating]

_ratings := {"low": 1, "medium": 2, "high": 3, "critical": 4}

# path is the way that a secret takes to a consumer, from the contract to the use,
# as related places of a finding; the last place of the chain in the input is the
# home of the value.
path(consumer, name) := array.concat([contract(name)], array.concat(_chain(use), [{"message": $"{consumer} uses it", "path": use.path}])) if {
	use := [u | some u in uses(name); u.value.consumer == consumer][0]
}

_chain(use) := array.reverse([{"message": link.message, "path": array.concat(use.path, ["chain", i])} |
	some i, link in use.value.chain
])

# beyond are the contracts that a grant opens to an identity which they do not list:
# neither by name, nor as what one of their consumers or automations runs as. Nothing
# is known of an identity as which nothing runs, unless contracts list identities.
beyond(grant) := {name |
	some name in grant.contracts
	contract_ := input.contracts[name]
	in_force(contract_)
	count(contract_.spec.consumers) > 0
	_known(contract_.spec, grant)
	not _entitled(contract_.spec, grant)
}

_known(_, grant) if count(grant.consumers) > 0

_known(spec, _) if {
	every consumer in spec.consumers {
		consumer.identity
	}
}

_entitled(spec, grant) if {
	some consumer in spec.consumers
	consumer.identity == grant.identity
}

_entitled(spec, grant) if {
	some workload in grant.consumers
	some consumer in spec.consumers
	_means(consumer.workload, workload)
}

_entitled(spec, grant) if {
	some part in ["rotation", "renewal", "revocation"]
	spec[part].automation in grant.consumers
}

# A locator without # means everything in a file, * any part of a name.
_means(locator, workload) if locator == workload

_means(locator, workload) if {
	not contains(locator, "#")
	locator == split(workload, "#")[0]
}

_means(locator, workload) if {
	contains(locator, "*")
	glob.match(locator, ["/"], workload)
}

# secret is the name of the secret that a slot stands for, without its key.
secret(slot) := split(trim_prefix(slot, "k8s-secret:"), "#")[0]

# supplied are the secrets that take their value from an entry of a store. What is
# sealed, or comes out of the environment, does not follow the store.
supplied := {secret(supply.slot) |
	some supply in input.supplies
	not object.get(supply, "mechanism", "") in {"environment", "sealed"}
}

# firsts are the pairs [key, value] with the least value of each key. A rule that
# groups by p[key] contains value takes a time that grows with the square of them.
firsts(pairs) := [pair |
	some n, pair in sorted
	not sorted[n - 1][0] == pair[0]
] if {
	sorted := sort(pairs)
}

# some_of names three at most, so that a message stays a sentence.
some_of(names) := concat(", ", sort(names)) if {
	count(names) <= 3
} else := $"{concat(", ", array.slice(sort(names), 0, 3))} and {count(names) - 3} more"

# contract is a contract as a related place of a finding.
contract(name) := {"message": $"contract {name}", "path": ["contracts", name]}

# rotation is a field of how an environment of a contract is rotated, the
# environment's own or that of the whole contract, and where it stands.
# Durations have the field in seconds and as it is written.
rotation(name, environment, field) := _field(name, ["spec", "environments", environment, "rotation", field]) if {
	input.contracts[name].spec.environments[environment].rotation[field]
} else := _field(name, ["spec", "rotation", field])

# automated is the path of what says that a machine rotates the secret of a
# contract in an environment: the contract, or else infrastructure code.
automated(name, environment) := method.path if {
	method := rotation(name, environment, "method")
	method.value != "manual"
} else := by_code(name, environment)

# by_code is the path of the rotation that infrastructure code sets for a contract
# in an environment.
by_code(name, environment) := [rotation_.path |
	some rotation_ in rotations(name)
	_serves({claim.environment | some claim in rotation_.value.claims; claim.contract == name}, environment)
][0]

# What names no environment is for all, and so is what no environment is known of.
_serves(environments, _) if count(environments) == 0

_serves(environments, environment) if environment in environments

_serves(_, null)

# setting is a field of the spec of a contract, and where it stands.
setting(name, path) := _field(name, array.concat(["spec"], path))

_field(name, path) := {"value": value, "seconds": object.get(contract_, _seconds(path), null), "path": array.concat(["contracts", name], path)} if {
	contract_ := input.contracts[name]
	value := object.get(contract_, path, null)
	value != null
}

_seconds(path) := array.concat(array.slice(path, 0, count(path) - 1), [$"{path[count(path) - 1]}_s"])

# day writes a date as people do.
day(ns) := time.format([ns, "UTC", "2006-01-02"])

# duration writes seconds as contracts do: 90d, 1h30m. Days are its largest unit,
# in which intervals are compared.
duration(seconds) := concat("", [$"{n}{unit.name}" |
	some unit in [
		{"name": "d", "seconds": 86400, "of": seconds},
		{"name": "h", "seconds": 3600, "of": seconds % 86400},
		{"name": "m", "seconds": 60, "of": seconds % 3600},
		{"name": "s", "seconds": 1, "of": seconds % 60},
	]
	n := floor(unit.of / unit.seconds)
	n > 0
]) if {
	seconds > 0
} else := "0s"
