# METADATA
# title: Store of secrets is reached without TLS
# description: >-
#   Everybody on the way reads what the store hands out, and the token of whoever
#   asks.
# custom:
#   severity: high
#   fix: Serve the store by https, and correct its address in the SecretCatalog.
#   tags: [transport]
package policyctl.graph.store_over_plain_http

deny contains {"path": ["stores", name, "address"], "subject": name, "message": $"store {name} is reached by plain http"} if {
	some name, store in input.stores
	regex.match(`(?i)^http:`, store.address)
	not regex.match(`(?i)^http://(?:localhost|127(?:\.\d+){3}|\[::1\])(?:[:/]|$)`, store.address) # the way is no longer than the machine
}
