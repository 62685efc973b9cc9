# METADATA
# title: Default of a build argument is a credential
# description: >-
#   The default of an ARG stands in the file for all who read the repository, and the history and the provenance of an
#   image repeat it.
# related_resources:
#   - https://docs.docker.com/build/building/secrets/
# custom:
#   severity: high
#   fix: Remove the argument and replace the credential. Hand it to the RUN that needs it with --mount=type=secret.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.dockerfile.literal_secret_in_arg

import data.policyctl.lib.dockerfile
import data.policyctl.lib.secrets

deny contains {"path": array.concat(pair.path, ["value"]), "message": message} if {
	some pair in array.concat(dockerfile.global_args, dockerfile.pairs("ARG"))
	dockerfile.holds_credential(pair.value)
	message := $"ARG {pair.value.key} has a literal credential as its default"
}

deny contains {"path": array.concat(pair.path, ["value"]), "match": match, "message": message} if {
	some pair in array.concat(dockerfile.global_args, dockerfile.pairs("ARG"))
	not dockerfile.holds_credential(pair.value)
	some match in secrets.url_credentials(pair.value.value)
	message := $"ARG {pair.value.key} has a URL with a credential as its default"
}
