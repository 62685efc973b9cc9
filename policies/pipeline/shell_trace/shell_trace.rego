# METADATA
# title: Shell prints its commands with a secret among them
# description: >-
#   With tracing on, the shell prints each command with its variables replaced. A
#   secret that is used there stands in the log, and nothing surely hides it.
# custom:
#   severity: medium
#   fix: Remove set -x (or bash -x), or write set +x before the commands that use the secret.
#   tags: [secret-exposure]
#   cwe: [532]
package policyctl.pipeline.shell_trace

import data.policyctl.lib.pipeline

deny contains {"path": ["flows", first], "subject": flow.address, "message": message} if {
	some found in pipeline.log_flows.trace
	indices := {flow.path[1] | some flow in found}
	first := min(indices)
	flow := input.flows[first]
	names := concat(", ", sort({pipeline.called(one.value.secret) | some one in found}))
	message := $"{pipeline.place(flow)} traces its commands, and prints {names} with them"
}
