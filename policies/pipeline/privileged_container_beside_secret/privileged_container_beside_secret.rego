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

deny contains {"path": ["components", i, "ref"], "subject": component.address, "message": message} if {
	pipeline.has_secrets
	some i, component in input.components
	_controls(component)
	secrets := pipeline.secrets_beside(component)
	count(secrets) > 0
	message := $"{component.ref} runs in a privileged container beside {concat(", ", sort(secrets))}"
}

_controls(component) if component.privileged

# A Docker in Docker runs in a privileged container, or not at all. The files of other
# platforms say which containers are privileged.
_controls(component) if {
	input.platform == "gitlab"
	component.kind == "image"
	regex.match(`(?:^|/)docker$`, component.name)
	contains(component.version, "dind")
	not contains(component.version, "rootless")
}

_controls(component) if {
	component.kind == "plugin"
	component.inputs.privileged == "true"
}

deny contains {"path": ["steps", i, "script"], "match": command, "subject": step.address, "message": message} if {
	pipeline.has_secrets
	pipeline.says(pipeline.scripts, {"--privileged", "run/docker.sock"})
	some i, step in input.steps
	contains(step.script, " run ")
	some [command] in regex.find_all_string_submatch_n(_privileged, step.script, -1)
	secrets := pipeline.secrets_of(object.get(step, "job", ""))
	count(secrets) > 0
	message := $"{pipeline.where(step)} hands the machine to a container beside {concat(", ", sort(secrets))}"
}

_privileged := `\b(?:docker|podman|nerdctl)\s+(?:container\s+)?run\b(?:[^\n;&|]|\\\n)*?(?:--privileged(?:=true)?(?:\s|$)|(?:-v|--volume)[ =]?/(?:var/)?run/docker\.sock\b)`
