# METADATA
# title: Static secret opens the way to others
# description: >-
#   Whoever has the first credential of a chain has everything that is obtained by it.
#   A static one can be copied, and works everywhere.
# custom:
#   severity: medium
#   fix: Let the platform vouch for the workload (workload identity, Kubernetes auth, OIDC), and retire the secret.
#   tags: [least-privilege, lifetime]
package policyctl.graph.bootstrap_is_static

import data.policyctl.lib.graph

deny contains {"path": ["contracts", root], "subject": root, "message": message, "related": related} if {
	some root, names in _obtained
	graph.in_force(input.contracts[root])
	message := $"contract {root} is about a static secret by which others are obtained: {concat(", ", names)}"
	related := [graph.contract(name) | some name in names]
}

# _obtained are the contracts whose secrets are obtained by a static one.
_obtained[root] contains name if {
	some name, contract in input.contracts
	graph.in_force(contract)
	some root in contract.static_roots
}
