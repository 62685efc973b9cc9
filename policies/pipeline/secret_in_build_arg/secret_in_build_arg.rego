# METADATA
# title: Secret is a build argument of an image
# description: >-
#   Build arguments stay in the history of the image and in its provenance: whoever
#   can pull it can read them.
# related_resources:
#   - https://docs.docker.com/build/ci/github-actions/secrets/
# custom:
#   severity: high
#   fix: Pass the secret as a build secret, and read it in the Dockerfile by RUN --mount=type=secret.
#   tags: [secret-exposure]
#   cwe: [538]
package policyctl.pipeline.secret_in_build_arg

import data.policyctl.lib.pipeline

deny contains {"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message} if {
	some exposure in pipeline.user_exposures
	exposure.value.at == "build_arg"
	message := $"{pipeline.place(exposure.value)} passes secret {exposure.value.secret.name} as build argument {exposure.value.variable}, which stays in the image"
}
