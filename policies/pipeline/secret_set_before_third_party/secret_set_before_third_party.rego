# METADATA
# title: Code of others runs with a secret in its environment
# description: >-
#   The variable is set for the whole job, or by an earlier step for all later ones,
#   and a component of somebody else runs among them. It gets the secret without being
#   given it.
# custom:
#   severity: medium
#   tier: strict
#   fix: Set the variable at the steps that use it, or run the component before it is set.
#   tags: [third-party]
#   cwe: [829]
package policyctl.pipeline.secret_set_before_third_party

import data.policyctl.lib.pipeline

deny contains {"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message, "related": related} if {
	some exposure in pipeline.user_exposures
	exposure.value.at in {"job_env", "pipeline_env"}
	pipeline.confidential(exposure.value.secret)
	foreign := {i |
		some reader in exposure.value.readers
		reader.uses != "yes"
		some i in pipeline.foreign_components({"job": object.get(reader, "job", ""), "step": reader.step})
	}
	count(foreign) > 0
	message := $"{_list(foreign)} gets {pipeline.called(exposure.value.secret)} as {exposure.value.variable}, which is set for {pipeline.place(exposure.value)}"
	related := [{"message": "it runs here", "path": ["components", i, "ref"]} | some i in [min(foreign)]]
}

# What a step sets for later ones.
deny contains {"path": flow.path, "subject": flow.value.address, "message": message, "related": related} if {
	some flow in pipeline.flows_to.env_file
	job := object.get(flow.value, "job", "")
	foreign := {i |
		some i, component in input.components
		object.get(component, "job", "") == job
		component.step > flow.value.step
		i in pipeline.foreign_components({"job": job, "step": component.step})
	}
	count(foreign) > 0
	message := $"{_list(foreign)} gets {pipeline.called(flow.value.secret)} as {flow.value.variable}, which {pipeline.place(flow.value)} sets for later steps"
	related := [{"message": "it runs here", "path": ["components", i, "ref"]} | some i in [min(foreign)]]
}

_list(foreign) := concat(", ", sort({input.components[i].ref | some i in foreign}))
