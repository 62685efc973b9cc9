# METADATA
# title: Secret is given to many steps and one uses it
# description: >-
#   All steps of the job, or of all jobs, get the variable, code of third parties and
#   what it starts included. One of them names it.
# custom:
#   severity: medium
#   tier: strict
#   fix: Set the variable at the step that uses it; where steps have no variables of their own, at the job.
#   tags: [least-privilege]
#   cwe: [250]
#   aliases: [pipeline/secret-in-shared-env]
package policyctl.pipeline.secret_used_by_one_step

import data.policyctl.lib.pipeline

deny contains object.union({"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message, "related": related}, _move(exposure, first)) if {
	some exposure in pipeline.user_exposures
	exposure.value.at in {"job_env", "pipeline_env"}
	readers := exposure.value.readers
	all := {_unit(reader) | some reader in readers}
	count(all) > 1
	using := {_unit(reader): i | some i, reader in readers; reader.uses == "yes"; not _again(readers, i)}
	count(using) == 1
	not _others(readers)
	some unit, first in using
	message := $"{count(all)} {_units} get {pipeline.called(exposure.value.secret)} as {exposure.value.variable}, and only {pipeline.place(unit)} uses it"
	related := [{"message": "it is used here", "path": array.concat(exposure.path, ["readers", first])}]
}

# _unit is the smallest part of a pipeline that can have variables of its own.
_unit(reader) := object.filter(reader, {"job"}) if {
	input.platform in _by_job
} else := object.filter(reader, {"job", "step"})

_by_job := {"bitbucket", "buildkite", "gitlab"}

_units := "jobs" if {
	input.platform in _by_job
} else := "steps"

# _again holds for a reader whose unit uses the secret before.
_again(readers, i) if {
	some j, reader in array.slice(readers, 0, i)
	reader.uses == "yes"
	_unit(reader) == _unit(readers[i])
}

# _others holds if a script among the readers runs a program that may read the variable
# without naming it, the scripts of components included. A component of somebody else is no
# reason to give it a secret.
_others(readers) if {
	some reader in readers
	reader.uses == "unknown"
	step := pipeline.step(reader)
	_runs_own(step)
}

_runs_own(step) if step.kind != "component"

_runs_own(step) if count(pipeline.facts(step).scripts) > 0

# _move is the change that gives the variable to the step that uses it, where nothing else
# can need it: neither a component that may run anything, nor what names it in an expression.
_move(exposure, first) := {"fix": {"op": "move", "path": from, "to": to}} if {
	input.platform == "githubactions"
	pipeline.step(exposure.value.readers[first]).kind == "shell"
	every i, reader in exposure.value.readers {
		_without(pipeline.step(reader), reader, i == first)
	}
	not _named_elsewhere(exposure)
	not pipeline.unread(exposure.value)
	name := exposure.value.variable
	from := array.concat(exposure.path, ["variable", name])
	to := array.concat(exposure.path, ["readers", first, "env", name])
} else := {}

_without(step, _, using) if {
	using
	not step.inner
}

_without(step, reader, _) if {
	reader.uses == "no"
	step.kind == "shell"
}

_without(step, _, _) if {
	step.kind == "component"
	component := pipeline.component(object.union(step, {"step": step.index}))
	component.pin != "local"
	regex.match(`^actions/(?:cache|checkout|(?:down|up)load-artifact|setup-[a-z]+)$`, $"{component.owner}/{component.name}")
}

# _named_elsewhere holds if something else gets the secret that may take it from the
# variable: another job does not see that of a job.
_named_elsewhere(exposure) if {
	some i, other in input.exposures
	["exposures", i] != exposure.path
	other.secret.name == exposure.value.secret.name
	not _in_another_job(other, exposure.value)
}

_in_another_job(other, exposure) if other.job != exposure.job
