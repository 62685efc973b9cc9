# METADATA
# title: Secret is in an environment that many share
# description: >-
#   All steps of the job, or of all jobs, get the secret, code of third parties and
#   what it starts included, though hardly all need it.
# custom:
#   severity: medium
#   tier: strict
#   fix: Set the variable at the steps that use it.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.secret_in_shared_env

import data.policyctl.lib.pipeline

deny contains {"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message} if {
	some exposure in pipeline.user_exposures
	readers := _readers(exposure.value)
	message := $"{readers} get secret {exposure.value.secret.name} as {exposure.value.variable}"
}

_readers(exposure) := $"all {jobs} jobs" if {
	exposure.at == "pipeline_env"
	jobs := count(input.jobs)
	jobs > 1
}

_readers(exposure) := $"all {steps} steps of job \"{exposure.job}\"" if {
	exposure.at == "job_env"
	steps := count([step | some step in input.steps; step.job == exposure.job; not step.inner])
	steps > 1
}
