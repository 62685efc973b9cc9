# METADATA
# title: Command line of a container holds a credential
# description: >-
#   The value stands in the repository and in the API server, and every process
#   on the node can read it from the process list.
# custom:
#   severity: high
#   fix: Revoke the value, and pass the new one as a file or as a variable that comes from a Secret.
#   tags: [secret-value]
#   cwe: [214, 798]
package policyctl.kubernetes.literal_secret_in_args

import data.policyctl.lib.commands
import data.policyctl.lib.kubernetes as k8s
import data.policyctl.lib.secrets

deny contains {"path": path, "match": found.match, "message": message} if {
	some command in k8s.commands
	some i, word in command.value
	some found in _credentials(word)
	path := array.concat(command.path, [i])
	message := $"container {command.container} is started with {found.what}"
}

# An option whose value is the next word.
deny contains {"path": path, "message": message} if {
	some command in k8s.commands
	some i, word in command.value
	is_string(word)
	regex.match(`^--?[A-Za-z][A-Za-z0-9_.-]*$`, word)
	secrets.secret_name(word)
	_value(command.value[i + 1])
	path := array.concat(command.path, [i + 1])
	message := $"container {command.container} is started with a literal value of {word}"
}

# What only its program takes for a password: mysqladmin -pvalue.
deny contains object.union({"path": path, "message": message}, object.filter(found, ["match"])) if {
	some command in k8s.commands
	some found in commands.credentials(command.value)
	count(_credentials(command.value[found.index])) == 0
	not secrets.secret_name(command.value[found.index - 1])
	path := array.concat(command.path, [found.index])
	message := $"container {command.container} is started with a literal value in {found.what}"
}

# A header that a probe sends.
deny contains {"path": array.concat(header.path, ["value"]), "message": message} if {
	some header in k8s.headers
	regex.match(`(?i)^(?:authorization|x-auth|cookie$)|token$|key$|secret$`, header.value.name)
	text := regex.replace(header.value.value, `^(?i:basic|bearer|token)\s+`, "")
	_value(text)
	message := $"container {header.container} sends a literal value in the header {header.value.name}"
}

_credentials(word) := _options(word) | {{"what": "a URL with a password", "match": userinfo} |
	some userinfo in secrets.userinfos(word)
}

# _options are --password=value and PASSWORD=value, also within a script.
_options(word) := {{"what": $"a literal value of {name}", "match": match} |
	is_string(word)
	some [_, match, name, double, single, plain] in regex.find_all_string_submatch_n(_option, word, -1)
	secrets.secret_name(name)
	_value(concat("", [double, single, plain]))
}

_option := `(?:^|[\s;&|(])((?:--?)?([A-Za-z][A-Za-z0-9_.-]*)=(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"';&|)]+)))`

# A URL with a password is a finding of its own.
_value(text) if {
	secrets.literal(text)
	not startswith(text, "-")
	count(secrets.userinfos(text)) == 0
}
