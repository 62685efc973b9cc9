# METADATA
# title: Steps run with secrets in an image whose tag can be moved
# description: >-
#   Every program of the step is one of the image, and gets the secrets. A tag means
#   what its owner pushes next.
# custom:
#   severity: low
#   tier: strict
#   fix: >-
#     Name the image by its digest: image:tag@sha256:… A bot can keep it up to date.
#   tags: [third-party, supply-chain]
#   cwe: [829]
package policyctl.pipeline.unpinned_image_with_secret

import data.policyctl.lib.pipeline

deny contains {"path": ["components", i, "ref"], "subject": component.address, "message": message} if {
	pipeline.has_secrets
	some i, component in input.components
	component.kind == "image"
	not component.first_party
	component.pin in {"none", "branch", "version"}
	_gets_secrets(component)
	secrets := _secrets(component)
	count(secrets) > 0
	message := $"{pipeline.place(component)} runs {component.ref}, whose tag can be moved, with {concat(", ", sort(secrets))}"
}

# Services get the variables of the job on GitLab only.
_gets_secrets(component) if is_number(component.step)

_gets_secrets(component) if component.ref in {job.container | some job in _jobs(component)}

_gets_secrets(component) if {
	input.platform == "gitlab"
	component.job
}

# An image without a job is that of every job which runs in it.
_secrets(component) := pipeline.secrets_of(object.get(component, "job", "")) | {secret |
	some job in _jobs(component)
	job.container == component.ref
	some secret in pipeline.secrets_of(job.id)
}

_jobs(component) := [job | some job in input.jobs; object.get(component, "job", job.id) == job.id]
