# METADATA
# title: Rotation does not reach a copy
# description: |
#   The store rotates the value, but this slot holds a value of its own, and nothing
#   brings the new one there. It keeps the old value, and whoever uses it fails.
# custom:
#   severity: high
#   tags: [rotation]
#   fix: Supply the slot from the store (an ExternalSecret, a CSI driver, or a step that writes it after each rotation), or let the consumer read the store.
package policyctl.graph.rotation_misses_copy

import data.policyctl.lib.graph

deny contains {
	"path": ["contracts", name, "spec", "environments", label, "copies", k],
	"subject": copy,
	"message": $"the store rotates contract {name} in {label}, but nothing brings the new value to its copy {copy}",
	"related": [{"message": "what rotates it", "path": path}],
} if {
	some name, contract in input.contracts
	some label, environment in contract.spec.environments
	some k, copy in environment.copies
	_holds_value(copy)
	path := _rotated(name, label)
	not graph.secret(copy) in graph.supplied
}

# A slot with many uses is one finding.
deny contains {
	"path": ["uses", i],
	"subject": slot,
	"message": $"the store rotates contract {name} in {label}, but nothing brings the new value to {slot}",
	"related": [{"message": "what rotates it", "path": path}],
} if {
	some [[name, label, slot], i] in graph.firsts(_holding)
	path := _rotated(name, label)
	not graph.secret(slot) in graph.supplied
	not _declared(input.contracts[name].spec.environments[label], slot)
}

_holding contains [[name, label, use.slot], i] if {
	some name, contract in input.contracts
	some label, _ in contract.spec.environments
	_rotated(name, label)
	some i in contract.uses
	use := input.uses[i]
	use.holds_value
	some claim in use.claims
	claim.contract == name
	object.get(claim, "environment", object.get(use, "environment", null)) == label
	not claim.via_store
	graph.exact(use)
}

# A job that rotates may write the copies itself. A store does not.
_rotated(name, label) := path if {
	contract := input.contracts[name]
	graph.in_force(contract)
	contract.spec.environments[label].object
	path := _by_store(name, label)
}

_by_store(name, label) := method.path if {
	method := graph.rotation(name, label, "method")
	method.value == "store"
} else := graph.by_code(name, label) if {
	not graph.rotation(name, label, "method").value in {"job", "provider"}
}

_holds_value(copy) if split(copy, ":")[0] in {"github-secret", "gitlab-var", "azdo-var", "bitbucket-var", "buildkite-secret", "circleci-context", "jenkins-cred", "k8s-secret", "sops"}

_declared(environment, slot) if {
	some copy in environment.copies
	graph.secret(copy) == graph.secret(slot)
}
