# METADATA
# title: Job uses secrets outside of an environment
# description: >-
#   Secrets of the repository are open to every job of every branch. An environment
#   limits them to branches, and may ask for an approval.
# custom:
#   severity: low
#   tier: audit
#   fix: Store the secrets in an environment, protect it, and name it in the job.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.secret_without_environment

import data.policyctl.lib.pipeline

# A pipeline that others call gets the secrets of its caller.
deny contains {"path": ["jobs", i, "id"], "subject": $"jobs.{job.id}", "message": message} if {
	pipeline.has_environments
	not _called
	some id, names in _names
	some i, job in input.jobs
	job.id == id
	not job.environment
	not job.calls
	message := $"job \"{job.id}\" uses {concat(", ", sort(names))} without an environment"
}

_names[exposure.value.job] contains exposure.value.secret.name if some exposure in pipeline.user_exposures

_called if {
	some trigger in input.triggers
	trigger.event == "call"
}
