# METADATA
# title: Program that is told to be verbose prints a secret
# description: >-
#   The switch makes the program print what it sends or is given: headers, tokens,
#   variables. Nothing surely hides the secret in the log.
# custom:
#   severity: medium
#   fix: Remove the switch (-v, --debug, TF_LOG, GIT_TRACE ...); set it for a single run where you need it, and delete that log.
#   tags: [secret-exposure]
#   cwe: [532]
package policyctl.pipeline.verbose_tool

import data.policyctl.lib.pipeline

deny contains {"path": ["flows", first], "subject": flow.address, "message": message} if {
	some found in pipeline.log_flows.verbose
	indices := {flow.path[1] | some flow in found}
	first := min(indices)
	flow := input.flows[first]
	names := concat(", ", sort({pipeline.called(one.value.secret) | some one in found}))
	message := $"{flow.command} in {pipeline.place(flow)} prints what it is given, {names} among it"
}
