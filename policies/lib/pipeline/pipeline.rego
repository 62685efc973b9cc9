# Package pipeline reads the neutral shape of pipelines: it joins the flat lists
# and words where a thing stands. It judges nothing. The shape is documented in
# internal/pipeline/model.go.
package policyctl.lib.pipeline

# user_exposures are the places where a named secret of the user is handed on.
# The token that the platform makes for each job is no such secret, and neither
# is a value that only decides a condition.
user_exposures contains {"path": ["exposures", i], "value": exposure} if {
	some i, exposure in input.exposures
	not exposure.platform_token
	exposure.secret.name
	exposure.at != "condition"
}

# place words where an element stands: step "publish" of job "build".
place(element) := $"step {_label(step)} of job \"{element.job}\"" if {
	step := _step(element)
	element.job
} else := $"step {_label(step)}" if {
	step := _step(element)
} else := $"job \"{element.job}\"" if {
	element.job
} else := "the whole pipeline"

# component gives what an exposure's step runs, or its job calls.
component(exposure) := found if {
	some found in _components[_key(exposure)]
	found.ref == exposure.component
}

_components[_key(component)] contains component if some component in input.components

_step(element) := _steps[_key(element)]

_steps[_key({"job": object.get(step, "job", ""), "step": step.index})] := step if some step in input.steps

_key(element) := [object.get(element, "job", ""), object.get(element, "step", -1)]

# _label is what the author calls a step, or else what it runs, or its number.
_label(step) := $"\"{step.name}\"" if {
	not contains(step.name, "${{")
} else := $"\"{step.id}\"" if {
	step.id
} else := $"\"{split(step.component, "@")[0]}\"" if {
	step.component
} else := $"{_number(step)}"

# _number counts the steps as they stand in the file of the job: those of actions
# that others call are none.
_number(step) := step.index + 1 if {
	not _calls(step)
} else := 1 + count([other |
	some other in input.steps
	_key(other)[0] == _key(step)[0]
	other.index < step.index
	not other.inner
])

_calls(step) if {
	some other in input.steps
	other.inner
	other.job == step.job
}

# given holds for secrets that third-party code gets, with that code.
given contains object.union(exposure, {"component": found}) if {
	some exposure in user_exposures
	exposure.value.at in {"input", "step_env", "forwarded"}
	found := component(exposure.value)
	not found.first_party
}

# privileged_events start a job with the repository's secrets though an outsider
# may fire them.
privileged_events := {"pull_request_privileged", "comment", "upstream"}
