# METADATA
# title: Command of a service holds a credential
# description: >-
#   The credential stands in the repository, and in the list of processes for every user of the host and of the container.
# related_resources:
#   - https://docs.docker.com/compose/how-tos/use-secrets/
# custom:
#   severity: high
#   fix: Replace the credential, and let the program read the new one from a file under /run/secrets.
#   tags: [secret-value]
#   cwe: [214, 798]
package policyctl.compose.secret_in_command

import data.policyctl.lib.commands
import data.policyctl.lib.compose

deny contains object.union({"path": place.path, "message": message}, object.filter(place, ["match"])) if {
	some line in compose.command_lines
	some found in commands.credentials(line.words)
	place := compose.word(line, found.index)
	message := $"{line.what} of service {line.service} has a literal credential in {found.what}"
}
