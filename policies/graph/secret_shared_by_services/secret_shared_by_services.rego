# METADATA
# title: Several teams share one secret
# description: >-
#   A secret that several services have cannot be traced to one of them, and rotating
#   it needs all of them at once.
# custom:
#   severity: medium
#   fix: Give each service a secret of its own, with a contract of its own.
#   tags: [isolation, least-privilege]
package policyctl.graph.secret_shared_by_services

import data.policyctl.lib.graph

deny contains {"path": ["contracts", name, "spec", "consumers"], "at": "key", "subject": name, "message": message, "related": related} if {
	some name, contract in input.contracts
	graph.in_force(contract)
	contract.class != "identifier"
	count(contract.shared_owners) >= _limit # cheap, and true of few
	groups := {concat(" ", sort(use.value.codeowners)) | some use in graph.uses(name); graph.exact(use.value)}
	count(groups) >= _limit
	message := $"the secret of contract {name} is shared by consumers of {count(groups)} owners: {concat(", ", groups)}"
	related := [_first(name, owners) | some owners in groups]
}

# _first is where the first of an owner's consumers uses the secret.
_first(name, owners) := [{"message": use.value.consumer, "path": use.path} |
	some use in graph.uses(name)
	graph.exact(use.value)
	concat(" ", sort(use.value.codeowners)) == owners
][0]

_limit := 3
