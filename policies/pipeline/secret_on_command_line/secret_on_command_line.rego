# METADATA
# title: Secret is an argument of a program
# description: >-
#   Every process of the machine can read the arguments of the others, and crash
#   reports and audit logs keep them.
# custom:
#   severity: low
#   tier: strict
#   fix: Hand the secret over by standard input (--password-stdin), by a file that only you can read, or by a variable that the program knows.
#   tags: [secret-exposure]
#   cwe: [214]
package policyctl.pipeline.secret_on_command_line

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.arguments
	not pipeline.shared_machine(flow.value)
	message := $"{pipeline.place(flow.value)} passes {pipeline.called(flow.value.secret)} to {flow.value.command} as an argument"
}
