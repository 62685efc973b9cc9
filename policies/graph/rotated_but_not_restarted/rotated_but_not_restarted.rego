# METADATA
# title: Rotation does not reach the running process
# description: |
#   A machine rotates the secret, but the container gets it as a variable, and nothing
#   restarts the container: it keeps the old value until it fails.
# custom:
#   severity: medium
#   tags: [rotation]
#   fix: Mount the secret as a file that the process reads again, or restart the workload when the secret changes (a reloader or checksum annotation).
package policyctl.graph.rotated_but_not_restarted

import data.policyctl.lib.graph

# A secret has parts: a workload that gets several is one finding.
deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"contract {name} is rotated by a machine, but {use.consumer} gets {use.name} as a variable and is not restarted",
	"related": [{"message": "what rotates it", "path": path}],
} if {
	some [[_, name], i] in graph.firsts(_kept)
	use := input.uses[i]
	path := graph.automated(name, _environment(use, name))
}

_kept contains [[use.consumer, claim.contract], i] if {
	some i, use in input.uses
	use.restarts == false
	use.platform == "kubernetes"
	use.delivery == "env"
	graph.exact(use)
	some claim in use.claims
	graph.in_force(claim)
}

_environment(use, name) := environment if {
	environment := [claim.environment | some claim in use.claims; claim.contract == name][0]
} else := object.get(use, "environment", null)
