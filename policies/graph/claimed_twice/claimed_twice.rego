# METADATA
# title: Two contracts claim one secret
# description: |
#   Two owners are none: each expects the other to rotate the secret, and in an
#   incident nobody knows which contract holds.
# custom:
#   severity: high
#   tags: [inventory, ownership]
#   fix: Take the name or entry out of one of the contracts, or give the second secret one of its own.
package policyctl.graph.claimed_twice

import data.policyctl.lib.graph

deny contains {
	"path": path,
	"subject": slot,
	"message": $"contract {name} claims {slot}, which contract {first[2]} claims already",
	"related": [{"message": $"contract {first[2]}", "path": first[3]}],
} if {
	some [slot, claim] in _claims
	first := _earlier(slot, claim)
	[_, _, name, path, _] := claim
	_conflict(first, claim)
}

# Contracts may call one entry by its address and by its name in the store.
deny contains {
	"path": ["contracts", name],
	"subject": entry.slot,
	"message": $"contract {name} claims {entry.name}, which contract {first[2]} claims already",
	"related": [graph.contract(first[2]), {"message": "the entry", "path": ["objects", i]}],
} if {
	some i, entry in input.objects
	claims := [_claim(claim.contract, ["contracts", claim.contract], claim) | some claim in entry.claims; graph.in_force(claim); not _keyed(claim)]
	first := min(claims)
	some claim in claims
	[_, _, name, _, _] := claim
	_conflict(first, claim)
	not [first[2], name] in _said
}

# The value of an entry may have parts, each with a contract of its own.
_keyed(claim) if input.contracts[claim.contract].spec.environments[claim.environment].key

_said contains [first[2], claim[2]] if {
	some [slot, claim] in _claims
	first := _earlier(slot, claim)
}

# A contract and its successor have the secret in common. Environments of different
# tiers break object-shared-across-tiers.
_conflict(first, claim) if {
	first[2] != claim[2]
	{first[4], claim[4]} != {"prod", "nonprod"}
	not _succeeds(first[2], claim[2])
	not _succeeds(claim[2], first[2])
}

_succeeds(name, other) if input.contracts[other].spec.successor == name

# _earlier is the first claim on a slot, on the whole of which it is a key, or on
# a key of it.
_earlier(slot, claim) := first if {
	first := min({_first[slot], object.get(_first, _whole(slot), claim), object.get(_first_key, slot, claim)})
	first[2] != claim[2]
}

_first := {slot: claim | some [slot, claim] in graph.firsts(_claims)}

_first_key := {whole: claim |
	some [whole, claim] in graph.firsts({[_whole(slot), claim] |
		some [slot, claim] in _claims
		contains(slot, "#")
	})
}

_whole(slot) := split(slot, "#")[0]

# _claims are the claims with what they claim, each as file, line, contract, path and
# tier, so that the least is the first.
_claims contains [_slot(platform, item), _claim(name, ["contracts", name, "spec", "references", platform, i], {})] if {
	some name, contract in input.contracts
	graph.in_force(contract)
	some platform, items in contract.spec.references
	platform != "env" # every consumer has variables of its own
	some i, item in items
}

_claims contains [_slot(platform, item), _claim(name, ["contracts", name, "spec", "environments", label, "references", platform, i], environment)] if {
	some name, contract in input.contracts
	graph.in_force(contract)
	some label, environment in contract.spec.environments
	some platform, items in environment.references
	platform != "env"
	some i, item in items
}

_claims contains [environment.object, _claim(name, ["contracts", name, "spec", "environments", label, "path"], environment)] if {
	some name, contract in input.contracts
	graph.in_force(contract)
	some label, environment in contract.spec.environments
}

_claim(name, path, environment) := [
	object.get(input.contracts[name], "file", ""), object.get(input.contracts[name], "line", 0),
	name, path, object.get(environment, "tier", ""),
]

# GitHub compares names of secrets, not of environments, without regard to case.
_slot("github", name) := $"github:{concat("/", array.concat(array.slice(parts, 0, n), [upper(parts[n])]))}" if {
	parts := split(name, "/")
	n := count(parts) - 1
}

_slot(platform, name) := $"{platform}:{name}" if platform != "github"
