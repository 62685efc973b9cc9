# METADATA
# title: Nobody owns a store of secrets
# description: >-
#   Whoever runs the store can read all that is in it. Somebody has to answer for
#   that, and for its upgrades and backups.
# custom:
#   severity: medium
#   fix: Set owner of the store in the SecretCatalog to a team.
#   tags: [ownership]
package policyctl.graph.store_without_owner

deny contains {"path": ["stores", name, "owner"], "subject": name, "message": $"store {name} has no owner"} if {
	some name, store in input.stores
	not store.owner
}
