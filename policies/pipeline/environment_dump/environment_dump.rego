# METADATA
# title: All variables are printed beside a secret
# description: >-
#   The command prints every variable that it was given, and one of them is a secret
#   that the log hides only if a setting says so, which no file shows.
# custom:
#   severity: medium
#   fix: Print the variables that you want to see by their names, and mark the secret as masked or secured in the settings.
#   tags: [secret-exposure]
#   cwe: [532]
package policyctl.pipeline.environment_dump

import data.policyctl.lib.pipeline

# One command is one finding, however many secrets it prints. What nothing hides is
# found by secret-in-log.
deny contains {"path": ["flows", first], "subject": flow.address, "message": message} if {
	some found in pipeline.log_flows.dump
	unsure := {one | some one in found; one.value.masked == "unknown"}
	first := min({one.path[1] | some one in unsure})
	flow := input.flows[first]
	names := concat(", ", sort({pipeline.called(one.value.secret) | some one in unsure}))
	message := $"{flow.command} in {pipeline.place(flow)} prints {names} with all other variables"
}
