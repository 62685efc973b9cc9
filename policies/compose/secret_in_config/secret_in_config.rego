# METADATA
# title: Config with a credential in the Compose file
# description: >-
#   The content of a config stands in the repository for all who read it, and a container gets it as a file that all its
#   users can read.
# related_resources:
#   - https://docs.docker.com/reference/compose-file/configs/
# custom:
#   severity: high
#   fix: Replace the credential, and move it to a secret, or to a variable that the content takes with ${NAME:?}.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.compose.secret_in_config

import data.policyctl.lib.secrets

deny contains {"path": [kind, name, "content"], "match": match, "message": message} if {
	some kind in ["configs", "secrets"]
	is_object(input[kind])
	some name, entry in input[kind]
	is_object(entry)
	some match in (secrets.settings(entry.content) | secrets.url_credentials(entry.content))
	message := $"{trim_suffix(kind, "s")} {name} has a literal credential in its content"
}
