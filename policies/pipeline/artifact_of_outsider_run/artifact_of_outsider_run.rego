# METADATA
# title: Artifact of an outsider's run is executed
# description: >-
#   Whoever proposes a change decides what the artifacts of its run hold. This job
#   fetches them and runs something from where they lie, with the repository's
#   secrets and a token.
# related_resources:
#   - https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
# custom:
#   severity: critical
#   fix: >-
#     Unpack the artifact into a folder of its own, outside of the work tree, read
#     only data from it, and check what is read: a number has only digits.
#   tags: [injection]
#   cwe: [829]
package policyctl.pipeline.artifact_of_outsider_run

import data.policyctl.lib.pipeline

deny contains {"path": ["injected", i], "subject": step.address, "message": message} if {
	some i, text in input.injected
	text.kind == "artifact"
	step := pipeline.step(text)
	message := $"{pipeline.where(step)} runs {text.command} out of or beside an artifact that an outsider's run made"
}
