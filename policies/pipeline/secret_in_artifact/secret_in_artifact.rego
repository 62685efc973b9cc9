# METADATA
# title: Artifact holds a file with a secret
# description: >-
#   Whoever can see the run can download its artifacts, long after the job is over.
#   The file that is uploaded was written from a secret.
# custom:
#   severity: high
#   fix: Write the file outside of what is uploaded, exclude it, or remove it before.
#   tags: [secret-exposure]
#   cwe: [538]
package policyctl.pipeline.secret_in_artifact

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.kept_in.artifact
	message := $"{pipeline.place(flow.value)} uploads {flow.value.path}, which holds {pipeline.called(flow.value.secret)}"
}
