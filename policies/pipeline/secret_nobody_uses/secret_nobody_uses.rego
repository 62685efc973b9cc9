# METADATA
# title: Secret is set and nothing uses it
# description: >-
#   No step names the variable, and none runs a program that could read it. Whoever
#   gets into the job reads it all the same.
# custom:
#   severity: low
#   tier: strict
#   fix: Remove the variable, and the secret if nothing else uses it.
#   tags: [least-privilege]
#   cwe: [1164]
package policyctl.pipeline.secret_nobody_uses

import data.policyctl.lib.pipeline

deny contains {"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message} if {
	some exposure in pipeline.user_exposures
	exposure.value.at in {"job_env", "pipeline_env"}
	exposure.value.variable
	count(exposure.value.readers) > 0
	every reader in exposure.value.readers {
		reader.uses == "no"
	}
	not _elsewhere(exposure)
	not _unread(exposure.value)
	message := $"nothing in {pipeline.place(exposure.value)} uses {pipeline.called(exposure.value.secret)}, which it gets as {exposure.value.variable}"
}

# _elsewhere holds for secrets that are handed on in another way too: the variable may
# be how that is done.
_elsewhere(exposure) if {
	some other in input.exposures
	pipeline.called(other.secret) == pipeline.called(exposure.value.secret)
	other.address != exposure.value.address
}

# _unread holds where something that could use the secret was not read.
_unread(exposure) if {
	some gap in input.gaps
	object.get(exposure, "job", "") in {"", object.get(gap, "job", "")}
}

_unread(exposure) if {
	some gap in input.gaps
	not gap.job
	exposure.job
}

_unread(exposure) if {
	some job in input.jobs
	object.get(exposure, "job", job.id) == job.id
	job.calls
}
