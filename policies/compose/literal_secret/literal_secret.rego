# METADATA
# title: Compose file holds a credential
# description: >-
#   The value stands in the repository for all who read it, and for as long as its history lasts. Compose hands it to the
#   container as an environment variable, which every process in it inherits.
# related_resources:
#   - https://docs.docker.com/compose/how-tos/use-secrets/
# custom:
#   severity: high
#   fix: >-
#     Replace the credential. Declare the new one under secrets and point NAME_FILE at /run/secrets, or take the value from
#     the environment with ${NAME:?}.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.compose.literal_secret

import data.policyctl.lib.compose
import data.policyctl.lib.secrets

deny contains {"path": variable.path, "message": message} if {
	some variable in compose.variables
	secrets.secret_name(variable.key)
	text := compose.literal(variable.value)
	compose.credential(text)
	not secrets.names_secret(variable.key, text)
	message := $"{variable.kind} {variable.key} of service {variable.service} holds a literal credential"
}
