# METADATA
# title: RUN leaves a credential in a file
# description: >-
#   Cloning with a token in the URL, npm config set and git config write the token to a file. What is there at the end of
#   a RUN is a layer, and a later instruction cannot take it out again.
# related_resources:
#   - https://docs.docker.com/build/building/secrets/
# custom:
#   severity: high
#   fix: >-
#     Mount the credential where the tool reads it (RUN --mount=type=secret,id=npmrc,target=/root/.npmrc, or --mount=type=ssh
#     for Git), or delete the file in the same RUN.
#   tags: [build]
#   cwe: [538]
package policyctl.dockerfile.credential_left_in_layer

import data.policyctl.lib.commands
import data.policyctl.lib.dockerfile

# git clone https://$TOKEN@host, npm config set ... $TOKEN
deny contains {"path": array.concat(command.path, ["words", i]), "message": message} if {
	some command in dockerfile.commands
	command.instruction.value.name == "RUN"
	file := dockerfile.settings_file(command.value)
	some i, word in command.value.words
	some name in _expanded(command.instruction, word)
	_is_credential(command.value, word)
	not _undone(command.instruction, file)
	message := _message(command.instruction, name, file)
}

# echo "...=$TOKEN" > file
deny contains {"path": array.concat(command.path, ["words", i]), "message": message} if {
	some command in dockerfile.commands
	command.instruction.value.name == "RUN"
	commands.program(dockerfile.words(command.value)) in {"echo", "printf"}
	some file in dockerfile.file_targets(command)
	some i, word in command.value.words
	some name in _expanded(command.instruction, word)
	not _undone(command.instruction, file)
	message := _message(command.instruction, name, file)
}

_message(instruction, name, file) := $"RUN writes {name} to {file} in {dockerfile.stage_name(instruction.stage)}, {dockerfile.kept(instruction.stage)}"

# _expanded are the variables with the name of a credential that the shell
# expands in a word. Between single quotes it expands none, and a mounted secret
# breaks secret-mount-copied.
_expanded(instruction, word) := {name |
	some name in dockerfile.secret_references(word)
	name in instruction.value.variables
	not _mounted(instruction.value, name)
}

_mounted(instruction, name) if {
	some flag in instruction.flags
	flag.name == "mount"
	$"env={name}" in split(flag.value, ",")
}

# Git keeps the URL; of its other arguments it keeps none that is a credential.
_is_credential(command, word) if {
	commands.program(command.words) == "git"
	regex.match(`://[^/\s]*\$[^/\s]*@`, word)
}

_is_credential(command, _) if commands.program(command.words) != "git"

_undone(instruction, file) if dockerfile.removes(instruction, file)

_undone(instruction, file) if {
	some word in ["--unset", "--unset-all", "--remove-section", "set-url"]
	contains(file, "git")
	[instruction.path, word] in _said
}

_undone(instruction, file) if {
	some word in ["delete", "rm", "unset", "--unset"]
	file in {"~/.npmrc", "~/.config/pip/pip.conf", "~/.config/pypoetry/auth.toml", "~/.composer/auth.json", "~/.bundle/config"}
	[instruction.path, word] in _said
}

# The words of the commands that change settings.
_said contains [command.instruction.path, word] if {
	some command in dockerfile.commands
	commands.program(dockerfile.words(command.value)) in {"bundle", "composer", "git", "npm", "pip", "pip3", "pnpm", "poetry", "yarn"}
	some word in command.value.words
}
