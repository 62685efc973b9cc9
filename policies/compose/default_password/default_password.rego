# METADATA
# title: Variable falls back to a known credential
# description: >-
#   Where the variable is not set, the credential of the file is in force, and nothing says so. Whoever reads the repository
#   knows it.
# related_resources:
#   - https://docs.docker.com/reference/compose-file/interpolation/
# custom:
#   severity: medium
#   fix: Write ${NAME:?} in place of ${NAME:-value}, so that Compose refuses to start without a value.
#   tags: [secret-value]
#   cwe: [1392]
package policyctl.compose.default_password

import data.policyctl.lib.commands
import data.policyctl.lib.compose
import data.policyctl.lib.secrets

deny contains {"path": variable.path, "message": message} if {
	some variable in compose.variables
	secrets.secret_name(variable.key)
	compose.credential(compose.fallback(variable.value))
	message := $"{variable.kind} {variable.key} of service {variable.service} falls back to a literal credential"
}

# postgres://app:${DB_PASSWORD:-text}@db
deny contains {"path": variable.path, "match": match, "message": message} if {
	some variable in compose.variables
	is_string(variable.value)
	some [_, match, fallback] in regex.find_all_string_submatch_n(`://[^\s:@/]*:(\$\{[A-Za-z_][A-Za-z0-9_]*:?-([^${}]+)\})@`, variable.value, -1)
	compose.credential(fallback)
	message := $"the URL in {variable.kind} {variable.key} of service {variable.service} falls back to a literal credential"
}

# redis-server --requirepass ${REDIS_PASSWORD:-text}
deny contains object.union({"path": place.path, "message": message}, object.filter(place, ["match"])) if {
	some line in compose.command_lines
	words := [_fallen_back(word) | some word in line.words]
	some found in commands.credentials(words)
	words[found.index] != line.words[found.index]
	place := compose.word(line, found.index)
	message := $"{line.what} of service {line.service} falls back to a literal credential in {found.what}"
}

_fallen_back(word) := regex.replace(word, `\$\{[A-Za-z_][A-Za-z0-9_]*:?-([^${}]+)\}`, "$1") if is_string(word)

_fallen_back(word) := "" if not is_string(word)
