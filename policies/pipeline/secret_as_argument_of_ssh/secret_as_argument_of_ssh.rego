# METADATA
# title: Secret is part of a command on another machine
# description: >-
#   ssh sends the command as text. It stands in the process list there, and often in
#   the history and audit log of a machine that lives on.
# custom:
#   severity: medium
#   tier: strict
#   fix: Send the secret by standard input and read it there, or let the other machine fetch it from a store.
#   tags: [secret-exposure]
#   cwe: [214]
package policyctl.pipeline.secret_as_argument_of_ssh

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.flows_to.argv
	flow.value.command == "ssh"
	message := $"{pipeline.place(flow.value)} sends {pipeline.called(flow.value.secret)} as part of a command to another machine"
}
