# METADATA
# title: Privileged container runs beside secrets
# description: >-
#   A privileged container, and whoever reaches the socket of Docker, controls the
#   machine that runs it: the secrets of this job, and on a shared runner those of
#   others.
# custom:
#   severity: medium
#   tier: strict
#   fix: >-
#     Build images with a tool that needs no privileges (BuildKit rootless, Buildah,
#     Kaniko), or run the job on a machine that is thrown away after it.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.privileged_container_beside_secret

import data.policyctl.lib.pipeline

# A Docker in Docker runs in a privileged container, or not at all.
deny contains {"path": ["components", i, "ref"], "subject": component.address, "message": message} if {
	some i, component in input.components
	component.kind == "image"
	regex.match(`(?:^|/)docker$`, component.name)
	contains(component.version, "dind")
	secrets := pipeline.secrets_of(component.job)
	count(secrets) > 0
	message := $"{component.ref}, which has to run privileged, is a service of job \"{component.job}\" beside {concat(", ", sort(secrets))}"
}

deny contains {"path": ["components", i, "ref"], "subject": component.address, "message": message} if {
	some i, component in input.components
	component.kind == "plugin"
	component.inputs.privileged == "true"
	secrets := pipeline.secrets_of(component.job)
	count(secrets) > 0
	message := $"{pipeline.place(component)} runs in a privileged container beside {concat(", ", sort(secrets))}"
}

deny contains {"path": ["steps", i, "script"], "match": command, "subject": step.address, "message": message} if {
	some i, step in input.steps
	regex.match(`docker|podman|nerdctl`, step.script)
	some [command] in regex.find_all_string_submatch_n(_privileged, step.script, -1)
	secrets := pipeline.secrets_of(object.get(step, "job", ""))
	count(secrets) > 0
	message := $"{pipeline.where(step)} hands the machine to a container beside {concat(", ", sort(secrets))}"
}

_privileged := `\b(?:docker|podman|nerdctl)\s+(?:container\s+)?(?:run|create)\b(?:[^\n;&|]|\\\n)*?(?:--privileged(?:=true)?(?:\s|$)|(?:-v|--volume)[ =]?/(?:var/)?run/docker\.sock\b)`
