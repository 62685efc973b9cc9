# METADATA
# title: Secret arrives in a way that its contract does not allow
# description: |
#   How a secret arrives decides who else can see it: variables are inherited and
#   dumped, arguments stand in the list of processes. The contract says which ways
#   are good enough for this one.
# custom:
#   severity: high
#   tags: [secret-exposure]
#   cwe: [522]
#   fix: Hand the secret over in a way that spec.delivery of the contract lists, or let the owner of the contract add this one.
package policyctl.graph.delivery_not_allowed

import data.policyctl.lib.graph

deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"{use.consumer} gets {use.name} by {use.delivery}, but contract {name} allows {concat(", ", allowed.value)} only",
	"related": [{"message": $"what contract {name} allows", "path": allowed.path}],
} if {
	some i, use in input.uses
	some claimed in use.claims # most uses end here
	not use.delivery in input.contracts[claimed.contract].spec.delivery
	use.delivery in _deliveries
	graph.exact(use)
	not _allowed(use)
	name := [claim.contract | some claim in use.claims; graph.in_force(claim)][0]
	allowed := graph.setting(name, ["delivery"])
	count(allowed.value) > 0
}

# One contract that allows it is enough, also one that does not say.
_allowed(use) if {
	some claim in use.claims
	graph.in_force(claim)
	delivery := object.get(input.contracts[claim.contract].spec, "delivery", [])
	_permits(delivery, use.delivery)
}

_permits([], _)

_permits(delivery, kind) if kind in delivery

# What a contract can list, less what ends up in an image: that is secret-in-image.
_deliveries := {"cli-arg", "csi", "env", "file", "input", "oidc-exchange", "sdk", "sidecar", "stdin"}
