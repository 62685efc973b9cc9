# METADATA
# title: Secret is an output of a job
# description: >-
#   Outputs are kept in clear text with the run, or in a file that is uploaded, and
#   the jobs that read them do not know that a secret is in them: they print it as it
#   is.
# custom:
#   severity: high
#   fix: Let the job that needs the secret read it from the store. To hand over a derived value, encrypt it.
#   tags: [secret-exposure]
#   cwe: [532]
package policyctl.pipeline.secret_in_job_output

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.flows_to.output
	_kept(flow.value)
	message := $"{pipeline.place(flow.value)} makes {pipeline.called(flow.value.secret)}{pipeline.changed(flow.value)} the output {flow.value.variable}"
}

# What GitHub hides never becomes an output of a job, and what Azure hides stays
# hidden in the jobs behind.
_kept(flow) if {
	input.platform in {"githubactions", "azure"}
	not flow.step
	flow.masked == "no"
}

_kept(_) if not input.platform in {"githubactions", "azure"}
