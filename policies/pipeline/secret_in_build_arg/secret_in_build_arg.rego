# METADATA
# title: Secret is a build argument of an image
# description: >-
#   Build arguments stay in the history of the image and in its provenance: whoever
#   can pull it can read them.
# related_resources:
#   - https://docs.docker.com/build/ci/github-actions/secrets/
# custom:
#   severity: high
#   fix: Pass the secret as a build secret (secrets of the build action, --secret of docker build), and read it in the Dockerfile by RUN --mount=type=secret.
#   tags: [secret-exposure]
#   cwe: [538]
package policyctl.pipeline.secret_in_build_arg

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.kept_in.image
	not flow.value.path
	message := $"{pipeline.place(flow.value)} passes {pipeline.called(flow.value.secret)} as build argument {flow.value.variable}, which stays in the image"
}
