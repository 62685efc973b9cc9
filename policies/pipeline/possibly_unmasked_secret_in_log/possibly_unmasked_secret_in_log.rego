# METADATA
# title: Secret is printed, and a setting decides whether it is hidden
# description: >-
#   The platform hides variables only if somebody has set them up so, which no file
#   shows; values of several lines or of few letters cannot be hidden at all.
# custom:
#   severity: medium
#   tier: strict
#   fix: Do not print the value. Test that a variable is set by [ -n "$NAME" ], and mark it as masked or secured in the settings.
#   tags: [secret-exposure]
#   cwe: [532]
package policyctl.pipeline.possibly_unmasked_secret_in_log

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.flows_to.log
	flow.value.masked == "unknown"
	pipeline.printed(flow.value) == "print"
	message := $"{pipeline.place(flow.value)} prints {pipeline.called(flow.value.secret)} by {flow.value.command}; settings decide whether the log hides it"
}
