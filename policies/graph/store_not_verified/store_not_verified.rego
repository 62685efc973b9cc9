# METADATA
# title: Clients do not verify a store of secrets
# description: >-
#   Without verification whoever sits on the way can say to be the store, and gets the
#   tokens of all who ask.
# custom:
#   severity: high
#   fix: Set tls.verify of the store to true or remove it, and give clients the CA by tls.ca.
#   tags: [transport]
package policyctl.graph.store_not_verified

deny contains {"path": ["stores", name, "tls", "verify"], "subject": name, "message": $"nobody verifies that store {name} is the store"} if {
	some name, store in input.stores
	store.tls.verify == false
}
