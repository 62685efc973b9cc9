# METADATA
# title: Pipeline includes what a server sends
# description: >-
#   The file is fetched for every run, and what it says becomes a part of the
#   pipeline, with all its secrets. Whoever controls the server, its name or the
#   branch in the address gets them.
# custom:
#   severity: high
#   fix: >-
#     Add integrity with the SHA-256 of the file, name a commit in the address, or
#     keep a copy in the repository.
#   tags: [third-party, supply-chain]
#   cwe: [829]
package policyctl.pipeline.remote_include_without_checksum

# A commit in the address cannot change.
deny contains {"path": ["components", i, "ref"], "subject": component.address, "message": message} if {
	some i, component in input.components
	component.kind == "reusable"
	component.pin == "none"
	startswith(lower(component.ref), "http")
	not regex.match(`\b[0-9a-f]{40}\b`, component.ref)
	message := $"the pipeline includes {component.ref} as it comes, and that gets all secrets"
}
