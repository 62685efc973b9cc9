# METADATA
# title: Job that outsiders can start gets a group of secrets
# description: >-
#   The whole group is in the reach of a change that somebody proposes. Whether the
#   platform gives it to such runs is decided by a switch in its settings.
# custom:
#   severity: medium
#   tier: strict
#   fix: Test proposed changes in a job without the group, or restrict the group to branches that you protect.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.secret_group_in_untrusted_job

import data.policyctl.lib.pipeline

deny contains {"path": ["exposures", i, "secret"], "subject": exposure.address, "message": message} if {
	some i, exposure in input.exposures
	exposure.secret.store in {"variable_group", "context", "vault", "azure_key_vault"}
	not exposure.secret.name
	not exposure.closed
	job := [job | some job in input.jobs; count(_opened(exposure, job)) > 0; object.get(exposure, "job", job.id) == job.id][0]
	message := $"job \"{job.id}\", which outsiders can start by {concat(", ", _opened(exposure, job))}, gets {pipeline.called(exposure.secret)}"
}

# A step may have a condition of its own.
_opened(exposure, job) := object.get(pipeline.step(exposure), "open_to", job.open_to) if {
	exposure.step
} else := job.open_to
