# METADATA
# title: Secret is an argument of a program on a shared machine
# description: >-
#   The runner is a machine of one's own, where other jobs run beside and after this
#   one. All of them can read the arguments of a program while it runs.
# custom:
#   severity: medium
#   fix: Hand the secret over by standard input (--password-stdin), by a file that only you can read, or by a variable that the program knows.
#   tags: [secret-exposure]
#   cwe: [214]
package policyctl.pipeline.secret_in_process_list

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.arguments
	pipeline.shared_machine(flow.value)
	message := $"{pipeline.place(flow.value)} passes {pipeline.called(flow.value.secret)} to {flow.value.command} as an argument, on a machine that others may share"
}
