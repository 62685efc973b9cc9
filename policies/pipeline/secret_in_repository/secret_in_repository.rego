# METADATA
# title: Secret is published with the repository
# description: >-
#   A commit, a comment, a page or a release is read by everybody who can read the
#   repository, is sent out by mail, and is kept; what a store shows to all is read by
#   more. No mask of a log works there.
# custom:
#   severity: high
#   fix: Leave the value out. Write files with secrets outside of the work tree, and name what is added to a commit.
#   cwe: [200]
package policyctl.pipeline.secret_in_repository

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.kept_in.repository
	message := $"{flow.value.command} in {pipeline.place(flow.value)} publishes {pipeline.called(flow.value.secret)}{_by(flow.value)}"
}

_by(flow) := $", which is in {flow.path}" if {
	flow.path
} else := ""
