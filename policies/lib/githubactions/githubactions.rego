# Package githubactions finds the parts of workflows and actions that rules judge,
# as they are written. It leaves out what has the wrong type.
package policyctl.lib.githubactions

# jobs are the jobs of a workflow.
jobs contains {"path": ["jobs", id], "id": id, "value": job} if {
	some id, job in input.jobs
	is_object(job)
}

# steps are the steps of all jobs, or of an action.
steps contains {"path": array.concat(list.path, [i]), "value": step} if {
	some list in _lists
	is_array(list.value)
	some i, step in list.value
	is_object(step)
}

_lists contains {"path": array.concat(job.path, ["steps"]), "value": job.value.steps} if some job in jobs

_lists contains {"path": ["runs", "steps"], "value": input.runs.steps}

# env are the maps of environment variables on every level.
env contains {"path": ["env"], "value": input.env} if is_object(input.env)

env contains {"path": array.concat(job.path, ["env"]), "value": job.value.env} if {
	some job in jobs
	is_object(job.value.env)
}

env contains {"path": array.concat(list.path, [i, "env"]), "value": step.env} if {
	some list in _lists
	is_array(list.value)
	some i, step in list.value
	is_object(step.env)
}

# used are the actions that steps run, with their versions, as one text in lower case.
# What looks for one action asks it first, before it goes through the steps.
used := lower(concat("\n", [step.uses |
	some list in _lists
	some step in list.value
	is_string(step.uses)
]))

# action gives the action that a step runs, without its version, in lower case.
action(step) := lower(split(step.uses, "@")[0]) if is_string(step.uses)

# inputs are what a step gives to its action.
inputs(step) := object.get(step, "with", {}) if {
	is_object(object.get(step, "with", {}))
} else := {}

# inheriting are the jobs that give all secrets to the workflow they call.
inheriting contains object.union(job, {"subject": $"jobs.{job.id}"}) if {
	some job in jobs
	job.value.secrets == "inherit"
	is_string(job.value.uses)
}

# mutable holds for a reference to another repository that is neither a digest
# nor a version.
mutable(uses) if {
	not startswith(uses, "./")
	not regex.match(`@(?:[0-9a-f]{40}|[0-9a-f]{64}|v?[0-9][^/]*)$`, uses)
}
