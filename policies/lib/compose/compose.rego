# Package compose walks the services of a Compose file, and tells what a value
# says itself from what it takes from the environment.
package policyctl.lib.compose

import data.policyctl.lib.secrets

# services are those of the file, each as {"path", "name", "value"}.
services := [{"path": ["services", name], "name": name, "value": service} |
	is_object(input.services)
	some name, service in input.services
	is_object(service)
]

# variables are what services and their builds are given by name and value:
# {"path", "key", "value", "service"}, and "kind", environment or build argument.
variables := array.concat(
	[{"path": array.concat(service.path, ["environment", key]), "key": key, "value": value, "service": service.name, "kind": "environment variable"} |
		some service in services
		is_object(service.value.environment)
		some key, value in service.value.environment
	],
	[{"path": array.concat(service.path, ["build", "args", key]), "key": key, "value": value, "service": service.name, "kind": "build argument"} |
		some service in services
		is_object(service.value.build)
		is_object(service.value.build.args)
		some key, value in service.value.build.args
	],
)

# literal is a text that takes nothing from the environment, with $$ as the
# dollar sign that it stands for.
literal(value) := replace(value, "$$", "$") if {
	is_string(value)
	not regex.match(`\$[A-Za-z_{]`, replace(value, "$$", ""))
}

# fallback is the text that a value takes if a variable is not set:
# ${NAME:-text}.
fallback(value) := text if {
	is_string(value)
	some [_, text] in regex.find_all_string_submatch_n(`^(?:\$\{[A-Za-z_][A-Za-z0-9_]*:?-)+([^${}]+)\}+$`, value, 1)
}

# credential says whether a text, without references, is one. A dollar sign in it
# is a dollar sign.
credential(text) if secrets.literal(replace(text, "$", "-"))

# command_lines are what the services run, command by command: {"path", "what",
# "service", "words"}. Where the words stand within one text, "text" has it, and
# "tokens" has what stands there for each word.
command_lines := array.concat(
	[object.union(command, {"words": _unmarked(command.value)}) |
		some command in _commands
		is_array(command.value)
	],
	[object.union(command, {"text": command.value, "tokens": tokens, "words": [trim(token, `"'`) | some token in tokens]}) |
		some command in array.concat(_commands, _scripts)
		is_string(command.value)
		some line in regex.split(`&&|\|\||[;|\n]`, command.value)
		tokens := regex.find_n(`(?:"[^"]*"|'[^']*'|[^\s"'])+`, line, -1)
	],
)

# word is the place of a word of a command line: {"path"}, and "match" within a
# text, with the word before it, since a password alone may occur earlier.
word(line, i) := {"path": array.concat(line.path, [i])} if not line.text

word(line, i) := {"path": line.path, "match": match} if {
	pairs := [pair | pair := $"{line.tokens[i - 1]} {line.tokens[i]}"; contains(line.text, pair)]
	match := array.concat(pairs, [line.tokens[i]])[0]
}

_commands := [{"path": array.concat(service.path, key), "what": concat(".", key), "service": service.name, "value": value} |
	some service in services
	some key in [["command"], ["entrypoint"], ["healthcheck", "test"]]
	value := object.get(service.value, key, null)
]

# _scripts are the texts among words that a shell reads.
_scripts := [object.union(command, {"path": array.concat(command.path, [i]), "value": text}) |
	some command in _commands
	is_array(command.value)
	some i, text in command.value
	_is_script(command.value, i)
]

_is_script(words, i) if {
	is_string(words[i - 1])
	regex.match(`^(?:CMD-SHELL|-[a-z]*c)$`, words[i - 1])
}

# _unmarked are words without those that are no part of a command: the marker of
# a health check, and a script, which has words of its own.
_unmarked(words) := [text |
	some i, word in words
	text := {true: "", false: word}[_is_foreign(words, i, word)]
]

default _is_foreign(_, _, _) := false

_is_foreign(words, i, _) if _is_script(words, i)

_is_foreign(_, 0, word) if word in {"CMD", "CMD-SHELL", "NONE"}
