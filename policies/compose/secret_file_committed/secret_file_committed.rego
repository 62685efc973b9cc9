# METADATA
# title: File of a secret is in the repository
# description: >-
#   Compose hands the file to the services that name the secret. Whoever can read the
#   repository, or ever could, has what is in it.
# related_resources:
#   - https://docs.docker.com/compose/how-tos/use-secrets/
# custom:
#   severity: high
#   fix: Replace the credential, and keep the file out of the repository (.gitignore), or take the secret from the environment.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.compose.secret_file_committed

import data.policyctl.lib.secrets

deny contains {"path": ["secrets", name, "file$text"], "message": message} if {
	is_object(input.secrets)
	some name, entry in input.secrets
	is_object(entry)
	secrets.literal(entry["file$text"])
	message := $"file of the secret {name} holds a credential in clear text"
}
