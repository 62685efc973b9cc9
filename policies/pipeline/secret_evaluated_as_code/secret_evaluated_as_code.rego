# METADATA
# title: Secret is run as code
# description: >-
#   The shell reads the value as a part of a program. A quote or a dollar sign in it
#   ends a string or runs a command, and a message about that prints it.
# custom:
#   severity: medium
#   fix: Run the command itself and quote the variable; let the inner shell read the variable by its name, in single quotes.
#   tags: [injection]
#   cwe: [95]
package policyctl.pipeline.secret_evaluated_as_code

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.flows_to.eval
	message := $"{flow.value.command} in {pipeline.place(flow.value)} runs {pipeline.called(flow.value.secret)} as code"
}
