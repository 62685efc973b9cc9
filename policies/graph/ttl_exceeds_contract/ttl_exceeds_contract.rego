# METADATA
# title: Credential lives longer than its contract allows
# description: |
#   The lifetime is how long a stolen credential works. What the store or cloud is
#   told is what happens, not what the contract says.
# custom:
#   severity: high
#   tags: [lifetime]
#   fix: Lower the lifetime to spec.lifetime.maxTtl of the contract, or let the owner of the contract raise it.
package policyctl.graph.ttl_exceeds_contract

import data.policyctl.lib.graph

# The contract with the shortest lifetime stands for all.
deny contains {
	"path": ["ttls", i, "seconds"],
	"subject": ttl.id,
	"message": $"the {ttl.kind} {ttl.name} lives {graph.duration(ttl.seconds)}, but contract {name} allows {limit.value} at most",
	"related": [{"message": $"the lifetime of contract {name}", "path": limit.path}],
} if {
	some i, ttl in input.ttls
	[seconds, name, limit] := min({[limit.seconds, name, limit] |
		some name in ttl.contracts
		graph.in_force(input.contracts[name])
		limit := _limit(name)
		is_number(limit.seconds)
	})
	ttl.seconds > seconds
}

_limit(name) := graph.setting(name, ["lifetime", "maxTtl"])

_limit(name) := graph.setting(name, ["lifetime", "ttl"]) if not graph.setting(name, ["lifetime", "maxTtl"])
