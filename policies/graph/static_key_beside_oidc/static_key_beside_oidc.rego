# METADATA
# title: Long-lived key where identity tokens would do
# description: |
#   The job logs in to a cloud by a stored key, although it, or another job of the
#   repository, logs in to the same cloud by its identity. The key opens the cloud
#   from anywhere until somebody rotates it.
# related_resources:
#   - https://docs.github.com/en/actions/concepts/security/openid-connect
# custom:
#   severity: high
#   tags: [short-lived]
#   cwe: [324]
#   fix: Let the job log in by its identity as the other login does, then remove the key and revoke it.
package policyctl.graph.static_key_beside_oidc

import data.policyctl.lib.graph

deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"{use.consumer} logs in to {use.static_key} by the long-lived key {use.name}, and by its identity as well",
	"related": _contracts(use),
} if {
	some [_, i] in _keys
	use := input.uses[i]
	_by_identity(use)
}

# A job that may ask for identity tokens has all it needs.
deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"{use.consumer} logs in to {use.static_key} by the long-lived key {use.name}, though it may ask for identity tokens, by which {workload} logs in there",
	"related": array.concat([{"message": "logs in by its identity", "path": ["workloads", workload]}], _contracts(use)),
} if {
	some [_, i] in _keys
	use := input.uses[i]
	use.oidc
	not _by_identity(use)
	workload := _federated[use.static_key]
}

_contracts(use) := [graph.contract(name) | some name in {claim.contract | some claim in use.claims}]

_by_identity(use) if use.static_key in use.oidc_providers

# A key has parts: a job that gets all of them uses one key.
_keys := graph.firsts({[[use.consumer, use.static_key], i] |
	some i, use in input.uses
	use.static_key
	graph.exact(use)
})

# One workload for each provider shows the way.
_federated := {provider: workload |
	some [provider, workload] in graph.firsts({[provider, id] |
		some id, workload in input.workloads
		some provider in workload.oidc_providers
	})
}
