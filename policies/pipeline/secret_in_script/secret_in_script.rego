# METADATA
# title: Secret is pasted into a script
# description: >-
#   The value becomes part of the script's text: it is written to disk or stored with
#   it, reaches the arguments of the commands that it is used in, and a quote or dollar
#   sign in it ends a string or runs a command.
# custom:
#   severity: medium
#   fix: Set an environment variable of the step to the secret, and use the variable, quoted, in the script. On Jenkins write the script in single quotes, on Buildkite write $$NAME.
#   tags: [secret-exposure]
#   cwe: [214]
package policyctl.pipeline.secret_in_script

import data.policyctl.lib.pipeline

deny contains {"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message} if {
	some exposure in pipeline.user_exposures
	exposure.value.at == "inline"
	message := $"{pipeline.called(exposure.value.secret)} is pasted into the script of {pipeline.place(exposure.value)}; {_instead}"
}

# Where double quotes or one dollar sign are the reason, they are what to mend.
# What Buildkite fills in when a pipeline is uploaded it keeps, and shows to who sees the job.
deny contains {"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message} if {
	input.platform == "buildkite"
	some exposure in pipeline.user_exposures
	exposure.value.at in {"pipeline_env", "job_env"}
	exposure.value.secret.assumed
	message := $"{pipeline.called(exposure.value.secret)} becomes text of the pipeline as {exposure.value.variable} of {pipeline.place(exposure.value)} when it is uploaded; let the job fetch it (secrets:)"
}

_instead := "write the script in single quotes, so that the shell reads the variable" if {
	input.platform == "jenkins"
} else := "write two dollar signs, so that it is read when the job runs" if {
	input.platform == "buildkite"
} else := "pass it as an environment variable"
