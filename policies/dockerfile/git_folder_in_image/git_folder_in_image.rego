# METADATA
# title: Image takes the .git folder
# description: >-
#   The folder has every version of every file, with the credentials that were ever committed, and in pipelines often the
#   token that the repository was cloned with.
# related_resources:
#   - https://docs.docker.com/build/concepts/context/#dockerignore-files
# custom:
#   severity: medium
#   tier: strict
#   fix: Write .git into the .dockerignore of the build context.
#   tags: [build]
#   cwe: [527]
package policyctl.dockerfile.git_folder_in_image

import data.policyctl.lib.dockerfile

deny contains {"path": array.concat(instruction.path, ["sources", taken.source]), "message": message} if {
	some instruction in dockerfile.instructions
	some taken in instruction.value.takes
	taken.file == ".git/config"
	message := $"{instruction.value.name} {instruction.value.sources[taken.source]} takes the folder .git along into the image: add the line .git at the end of {taken.ignore}"
}
