# METADATA
# title: Secret is printed and only the mask of the log hides it
# description: >-
#   The platform searches its log for the value and blanks it. That ends with the
#   first change of the value, in logs that are kept elsewhere, and for values that
#   were rotated since.
# custom:
#   severity: low
#   tier: strict
#   fix: Do not print the value.
#   tags: [secret-exposure]
#   cwe: [532]
package policyctl.pipeline.masked_secret_in_log

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.flows_to.log
	flow.value.masked == "yes"
	not _always(flow.value)
	message := $"{pipeline.place(flow.value)} prints {pipeline.called(flow.value.secret)} by {flow.value.command}; only the mask of the log hides it"
}

# Jenkins traces every script: that says nothing of this one.
_always(flow) if {
	input.platform == "jenkins"
	pipeline.printed(flow) == "trace"
}
