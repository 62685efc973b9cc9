# METADATA
# title: No rotation is recorded for longer than the interval
# description: >-
#   Where no rotation was ever written down, a secret that is never rotated looks like
#   one that is.
# custom:
#   severity: medium
#   fix: Rotate the secret, and write the date into status.lastRotated; policyctl contracts record does it.
#   tags: [clock, rotation]
package policyctl.graph.rotation_unrecorded

import data.policyctl.lib.graph

deny contains {"path": ["contracts", name, "status", "lastRotated"], "subject": name, "message": message, "related": related} if {
	some name, contract in input.contracts
	graph.in_force(contract)
	contract.class != "identifier"
	contract.spec.lifetime.kind == "static"
	not contract.status.lastRotated_ns
	[seconds, path] := _shortest(name)
	begin := object.get(contract, "rotated_ns", contract.first_ns)
	due := begin + (seconds * 1000000000)
	due < data.run.now_ns
	message := $"{_since(name, contract, begin)}; one was due on {graph.day(due)}"
	related := [{"message": "the interval", "path": path}]
}

# What is not written down git's history may show.
_since(name, contract, begin) := $"no rotation of contract {name} is written down, and git shows none since {graph.day(begin)}" if {
	contract.rotated_ns
} else := $"contract {name} stands here since {graph.day(begin)} without any rotation"

# _shortest is the interval of the environment that must be rotated first.
_shortest(name) := sort([[interval.seconds, interval.path] |
	some environment in (object.keys(object.get(input.contracts[name], ["spec", "environments"], {})) | {""})
	interval := graph.rotation(name, environment, "interval")
	is_number(interval.seconds)
])[0]
