# METADATA
# title: Compose file holds a URL with a credential
# description: >-
#   The credential stands in the repository for all who read it. URLs, moreover, are what programs log first.
# related_resources:
#   - https://docs.docker.com/compose/how-tos/use-secrets/
# custom:
#   severity: high
#   fix: Replace the credential, and take the new one from the environment (user:${NAME:?}@host) or from a secret.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.compose.credential_in_url

import data.policyctl.lib.compose
import data.policyctl.lib.secrets

deny contains {"path": variable.path, "match": match, "message": message} if {
	some variable in compose.variables
	not _whole_is_credential(variable)
	some match in secrets.url_credentials(variable.value)
	message := $"{variable.kind} {variable.key} of service {variable.service} holds a URL with a literal credential"
}

_whole_is_credential(variable) if {
	secrets.secret_name(variable.key)
	compose.credential(compose.literal(variable.value))
}
