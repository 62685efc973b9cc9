# METADATA
# title: Artifact takes hidden files along
# description: >-
#   Tools keep credentials in files whose names begin with a dot: .env, .npmrc,
#   .netrc, .git/config. The upload was told to include them, of a whole folder, for
#   everybody who can see the run.
# custom:
#   severity: low
#   tier: strict
#   fix: Name the hidden files that are needed, or leave include-hidden-files out.
#   tags: [secret-exposure]
#   cwe: [538]
package policyctl.pipeline.hidden_files_in_artifact

import data.policyctl.lib.pipeline

# Where the checkout left a token there, persisted-credential-in-artifact says so.
deny contains {"path": ["artifacts", i], "subject": artifact.address, "message": message} if {
	input.platform == "githubactions"
	some i, artifact in input.artifacts
	artifact.hidden == "yes"
	some path in artifact.paths
	pipeline.work_tree(path)
	count(pipeline.tokens_kept(artifact)) == 0
	message := $"{pipeline.place(artifact)} uploads {path} with all hidden files"
}
