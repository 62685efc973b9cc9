# METADATA
# title: One store holds the secrets of many teams
# description: >-
#   Whoever breaks into the store, or runs it, has the secrets of all of them, and
#   every change of it touches all.
# custom:
#   severity: medium
#   tier: strict
#   fix: Give teams stores or at least namespaces of their own, and list each in the SecretCatalog.
#   tags: [isolation]
package policyctl.graph.store_of_many_teams

deny contains {"path": ["stores", name], "at": "key", "subject": name, "message": message} if {
	some name, store in input.stores
	count(store.teams) > _limit
	message := $"store {name} holds secrets of {count(store.teams)} teams: {concat(", ", store.teams)}"
}

_limit := 5
