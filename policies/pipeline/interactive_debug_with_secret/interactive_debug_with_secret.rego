# METADATA
# title: Session for debugging runs beside secrets
# description: >-
#   The step opens a shell on the runner to whoever knows its address, which the log
#   prints. All that the job was given can be read there, and nothing is masked.
# custom:
#   severity: high
#   fix: Remove the step, let in only who started the job (limit-access-to-actor), or move it to a job of its own that gets no secrets.
#   tags: [secret-exposure]
#   cwe: [489]
package policyctl.pipeline.interactive_debug_with_secret

import data.policyctl.lib.pipeline

deny contains {"path": ["components", i, "ref"], "subject": component.address, "message": message, "related": related} if {
	some i in pipeline.does.debug
	component := input.components[i]
	not _limited(pipeline.texts(component))
	given := _given(component)
	message := $"{pipeline.place(component)} opens a shell on the runner, in a job that gets {_names(given)}"
	related := _related(given)
}

deny contains {"path": ["steps", i, "script"], "match": command, "subject": step.address, "message": message, "related": related} if {
	pipeline.says(pipeline.scripts, {"tmate ", "upterm host", "ngrok tcp", "-R "})
	some i, step in input.steps
	command := regex.find_n(_sessions, step.script, 1)[0]
	given := _given(step)
	message := $"\"{command}\" in {pipeline.where(step)} opens a shell on the runner, in a job that gets {_names(given)}"
	related := _related(given)
}

# _limited holds where only people get in who may read the secrets anyway.
_limited(inputs) if lower(inputs["limit-access-to-actor"]) == "true"

_limited(inputs) if inputs["limit-access-to-users"]

# _given are the secrets of the job, if there are any.
_given(element) := found if {
	found := {exposure |
		some exposure in pipeline.user_exposures
		object.get(exposure.value, "job", "") in {object.get(element, "job", ""), ""}
	}
	count(found) > 0
}

_names(given) := pipeline.names({exposure.value | some exposure in given})

_related(given) := [{"message": "a secret that the session can read", "path": array.concat(first, ["secret"])}] if {
	first := min({exposure.path | some exposure in given})
}

_sessions := `(?m)\btmate (?:[^\n;|&]* )?(?:-F|new-session)\b|\bupterm host\b|\bngrok tcp(?: --\S+)* 22\b|\bssh (?:-\S+ )*-R \S+:22 \S+`
