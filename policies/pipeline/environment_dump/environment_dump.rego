# METADATA
# title: All variables are printed beside a secret
# description: >-
#   The command prints every variable that it was given, and one of them is a secret
#   that the log does not hide, or hides only if a setting says so.
# custom:
#   severity: high
#   fix: Print the variables that you want to see by their names.
#   tags: [secret-exposure]
#   cwe: [532]
package policyctl.pipeline.environment_dump

import data.policyctl.lib.pipeline

# One command is one finding, however many secrets it prints.
deny contains {"path": ["flows", first], "subject": flow.address, "message": message} if {
	some found in pipeline.log_flows.dump
	indices := {flow.path[1] | some flow in found}
	first := min(indices)
	flow := input.flows[first]
	names := concat(", ", sort({pipeline.called(one.value.secret) | some one in found}))
	message := $"{flow.command} in {pipeline.place(flow)} prints {names} with all other variables"
}
