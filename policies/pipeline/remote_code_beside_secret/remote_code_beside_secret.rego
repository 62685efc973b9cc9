# METADATA
# title: Download is run unseen beside a secret
# description: >-
#   What a server sends is run as it comes, with secrets among its variables. Whoever
#   controls the server, its name or its storage gets them.
# custom:
#   severity: high
#   fix: Download to a file, compare its checksum (sha256sum -c), then run it, in a step without secrets. In addresses of repositories, name a commit.
#   tags: [supply-chain]
#   cwe: [494]
package policyctl.pipeline.remote_code_beside_secret

import data.policyctl.lib.pipeline

deny contains {"path": ["injected", i], "subject": step.address, "message": message} if {
	some i, text in input.injected
	text.kind == "download"
	step := pipeline.step(text)
	found := pipeline.environment(step) | pipeline.groups_beside(text)
	count(found) > 0
	message := $"{pipeline.where(step)} runs a download as it comes, with {pipeline.names(found)} in its environment"
}
