# METADATA
# title: Store of secrets accepts an old version of TLS
# description: >-
#   Versions of TLS before 1.2 can be broken by whoever sits on the way.
# custom:
#   severity: high
#   fix: Set tls.min of the store to 1.2 or 1.3, in its configuration and in the SecretCatalog.
#   tags: [transport]
package policyctl.graph.store_tls_too_old

deny contains {"path": ["stores", name, "tls", "min"], "subject": name, "message": message} if {
	some name, store in input.stores
	store.tls.min in {"1.0", "1.1"}
	message := $"store {name} accepts TLS {store.tls.min}, and nothing below 1.2 is safe"
}
