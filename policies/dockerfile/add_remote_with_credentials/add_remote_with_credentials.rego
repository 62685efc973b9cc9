# METADATA
# title: ADD downloads with a credential in the URL
# description: The URL of an ADD is part of the history of the image and of the repository, with the credential in it.
# related_resources:
#   - https://docs.docker.com/build/building/secrets/
# custom:
#   severity: high
#   fix: >-
#     Replace the credential. Download in a RUN that reads the new one with --mount=type=secret, or use the GIT_AUTH_TOKEN
#     secret for a Git source.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.dockerfile.add_remote_with_credentials

import data.policyctl.lib.dockerfile
import data.policyctl.lib.secrets

deny contains {"path": array.concat(instruction.path, ["sources", i]), "match": match, "message": message} if {
	some instruction in dockerfile.instructions
	instruction.value.name == "ADD"
	some i, source in instruction.value.sources
	some match in secrets.url_credentials(source)
	message := $"ADD of {dockerfile.stage_name(instruction.stage)} downloads from a URL with a literal credential, {dockerfile.kept(instruction.stage)}"
}

# A variable in its place is expanded before the history is written.
deny contains {"path": array.concat(instruction.path, ["sources", i]), "message": message} if {
	some instruction in dockerfile.instructions
	instruction.value.name == "ADD"
	some i, source in instruction.value.sources
	contains(source, "://")
	some name in dockerfile.secret_references(source)
	message := $"ADD of {dockerfile.stage_name(instruction.stage)} downloads from a URL with the credential {name}, {dockerfile.kept(instruction.stage)}"
}
