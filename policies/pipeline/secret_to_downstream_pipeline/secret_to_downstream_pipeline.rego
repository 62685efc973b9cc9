# METADATA
# title: Secret becomes a parameter of another pipeline
# description: >-
#   The pipeline that is started gets the value as one of its variables or parameters.
#   It is shown with that run, and what hid the secret here does not there.
# custom:
#   severity: medium
#   fix: Let the other pipeline read the secret from the store itself; where the platform has secrets for called pipelines, pass it as one of those.
#   tags: [secret-exposure]
#   cwe: [201]
package policyctl.pipeline.secret_to_downstream_pipeline

import data.policyctl.lib.pipeline

deny contains {"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message} if {
	some exposure in pipeline.user_exposures
	pipeline.downstream(exposure.value)
	pipeline.confidential(exposure.value.secret)
	message := $"{pipeline.place(exposure.value)} hands {pipeline.called(exposure.value.secret)} to {_started(exposure.value)} as {exposure.value.variable}"
}

# A component starts another pipeline.
deny contains {"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message} if {
	some exposure in pipeline.user_exposures
	exposure.value.at == "input"
	exposure.value.variable == "PIPELINE_VARIABLES"
	pipeline.confidential(exposure.value.secret)
	message := $"{pipeline.place(exposure.value)} hands {pipeline.called(exposure.value.secret)} to another pipeline by {exposure.value.component}"
}

# A script starts another pipeline.
deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.flows_to.downstream
	flow.value.command
	message := $"{pipeline.place(flow.value)} hands {pipeline.called(flow.value.secret)} to another pipeline by {flow.value.command}"
}

_started(exposure) := exposure.component if {
	exposure.component
} else := "another pipeline"
