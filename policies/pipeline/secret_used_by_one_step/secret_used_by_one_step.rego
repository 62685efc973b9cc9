# METADATA
# title: Secret is given to many steps and one uses it
# description: >-
#   All steps of the job, or of all jobs, get the variable, code of third parties and
#   what it starts included. One of them names it.
# custom:
#   severity: medium
#   tier: strict
#   fix: Set the variable at the step that uses it.
#   tags: [least-privilege]
#   cwe: [250]
#   aliases: [pipeline/secret-in-shared-env]
package policyctl.pipeline.secret_used_by_one_step

import data.policyctl.lib.pipeline

deny contains {"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message, "related": related} if {
	some exposure in pipeline.user_exposures
	exposure.value.at in {"job_env", "pipeline_env"}
	readers := exposure.value.readers
	count(readers) > 1
	using := [i | some i, reader in readers; reader.uses == "yes"]
	count(using) == 1
	some reader in [readers[using[0]]]
	not _others(readers)
	message := $"{count(readers)} steps get {pipeline.called(exposure.value.secret)} as {exposure.value.variable}, and only {pipeline.place(reader)} uses it"
	related := [{"message": "this step uses it", "path": array.concat(exposure.path, ["readers", using[0]])}]
}

# _others holds if a script among the readers runs a program that may read the variable
# without naming it. A component of somebody else is no reason to give it a secret.
_others(readers) if {
	some reader in readers
	reader.uses == "unknown"
	step := pipeline.step(reader)
	step.kind != "component"
}
