# METADATA
# title: Store of secrets keeps no audit log
# description: >-
#   Without a log of who read which secret nobody can tell after an incident what the
#   thief has.
# custom:
#   severity: high
#   fix: Switch on the audit log of the store (audit device, trail or diagnostic setting), and set audit of the store in the SecretCatalog to required.
#   tags: [response]
package policyctl.graph.store_not_audited

deny contains {"path": ["stores", name, "audit"], "subject": name, "message": message} if {
	some name, store in input.stores
	count(store.contracts) > 0
	not _logs_by_itself(store.type)
	state := _state(store)
	message := $"store {name} holds secrets of contracts, and {state}"
}

_state(store) := "the catalogue does not say that it is audited" if {
	not store.audit
} else := "the catalogue says that it is not audited" if {
	store.audit == "none"
}

# Of the stores in CI systems nobody reads, and changes are logged without asking.
_logs_by_itself(kind) if {
	is_string(kind)
	strings.any_prefix_match(kind, ["github", "gitlab", "azure-devops", "bitbucket", "buildkite", "circleci"])
}
