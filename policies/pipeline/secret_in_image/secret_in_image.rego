# METADATA
# title: File with a secret goes into an image
# description: >-
#   The job wrote the file into the folder that the image is built of, and the image
#   copies it. It stays in a layer, even if a later one removes it, and whoever can
#   pull the image reads it.
# custom:
#   severity: high
#   fix: Mount it while it is needed (RUN --mount=type=secret), and name it in .dockerignore.
#   cwe: [538]
package policyctl.pipeline.secret_in_image

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.kept_in.image
	flow.value.path
	message := $"{pipeline.place(flow.value)} builds an image with {flow.value.path}, which holds {pipeline.called(flow.value.secret)}"
}
