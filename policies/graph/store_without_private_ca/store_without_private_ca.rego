# METADATA
# title: Store of critical secrets trusts every public CA
# description: >-
#   Any of a hundred authorities could issue a certificate for the name of the store.
#   A CA of your own, or a pinned key, leaves one.
# custom:
#   severity: low
#   tier: strict
#   fix: Name the CA in tls.ca of the store in the SecretCatalog, and have clients trust only that.
#   tags: [transport]
package policyctl.graph.store_without_private_ca

# Only stores that somebody runs himself have an address and a choice.
deny contains {"path": ["stores", name, "tls", "ca"], "subject": name, "message": message} if {
	some name, store in input.stores
	startswith(lower(store.address), "https:")
	not store.tls.ca
	critical := [contract | some contract in store.contracts; input.contracts[contract].rating == "critical"]
	count(critical) > 0
	message := $"store {name} has no CA of its own, but holds critical secrets: {concat(", ", critical)}"
}
