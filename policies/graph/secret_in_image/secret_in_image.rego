# METADATA
# title: Secret of a contract ends up in an image
# description: |
#   Build arguments and variables of an image stay in its layers and history. Copies
#   of the image keep the value, and nobody can take it back from them.
# related_resources:
#   - https://docs.docker.com/build/building/secrets/
# custom:
#   severity: critical
#   tags: [build, secret-exposure]
#   cwe: [538]
#   fix: Hand the secret over as a build secret (RUN --mount=type=secret) or when the container starts, then rotate it.
package policyctl.graph.secret_in_image

import data.policyctl.lib.graph

# What no contract claims is a matter of rules about single files.
deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"{use.consumer} builds {use.name} of contract {name} into an image by {use.delivery}",
	"related": [graph.contract(name)],
} if {
	some i, use in input.uses
	use.delivery in {"build-arg", "image"}
	graph.exact(use)
	name := [claim.contract |
		some claim in use.claims
		graph.in_force(claim)
		not input.contracts[claim.contract].class == "identifier"
	][0]
}
