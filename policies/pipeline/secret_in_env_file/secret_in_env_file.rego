# METADATA
# title: Secret is set for all later steps
# description: >-
#   Every step behind gets the variable, code of third parties included. Nobody sees
#   at those steps that they have it.
# custom:
#   severity: low
#   tier: strict
#   fix: Hand the secret to the steps that use it, as a variable of theirs.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.secret_in_env_file

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.flows_to.env_file
	flow.value.masked != "no"
	message := $"{pipeline.place(flow.value)} gives {pipeline.called(flow.value.secret)} to all later steps as {flow.value.variable}"
}
