# METADATA
# title: Artifact holds the token of the checkout
# description: >-
#   The checkout writes its token into .git/config, and the whole work tree is
#   uploaded, hidden files included. Whoever can download the artifact while the job
#   runs has the token; one that the user gave lives longer.
# custom:
#   severity: medium
#   fix: Set persist-credentials to false at the checkout, or upload only the folder that was built.
#   tags: [secret-exposure]
#   cwe: [538]
package policyctl.pipeline.persisted_credential_in_artifact

import data.policyctl.lib.pipeline

deny contains object.union({"path": ["artifacts", i], "subject": artifact.address, "message": message, "related": related}, pipeline.unpersist(min(kept))) if {
	some i, artifact in input.artifacts
	artifact.hidden == "yes"
	some path in artifact.paths
	pipeline.work_tree(path)
	kept := pipeline.tokens_kept(artifact)
	count(kept) > 0
	message := $"{pipeline.place(artifact)} uploads the work tree with the token that the checkout left in .git/config"
	related := [{"message": "the token is left here", "path": ["checkouts", j]} | some j in [min(kept)]]
}
