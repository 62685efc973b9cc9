# METADATA
# title: Identity may read a secret whose contract does not list it
# description: |
#   The contract lists who may have the secret, the permission decides who can. What
#   runs as this identity reads the secret without anybody having agreed to it.
# custom:
#   severity: high
#   tags: [least-privilege]
#   cwe: [732]
#   fix: Take the entry out of the permission, or let the owner of the contract list the consumer or its identity under spec.consumers.
package policyctl.graph.grant_wider_than_contract

import data.policyctl.lib.graph

# Of people another rule speaks, of patterns too.
deny contains {
	"path": ["grants", i],
	"subject": grant.identity,
	"message": $"{grant.identity} may read {grant.pattern}, but contract {graph.some_of(names)} lists nobody who runs as it",
	"related": [graph.contract(name) | some name in array.slice(sort(names), 0, 5)],
} if {
	some i, grant in input.grants
	not grant.wildcard
	not startswith(grant.identity, "human:")
	names := graph.beyond(grant)
	count(names) > 0
}
