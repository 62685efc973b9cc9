# METADATA
# title: Command line holds a credential
# description: >-
#   The text of RUN, CMD, ENTRYPOINT and HEALTHCHECK is part of the history and the configuration of an image, and of the
#   repository. A credential in it is known to whoever reads one of them.
# related_resources:
#   - https://docs.docker.com/build/building/secrets/
# custom:
#   severity: high
#   fix: >-
#     Replace the credential. Read the new one from a file: RUN --mount=type=secret,id=NAME, or a file that is mounted
#     when the container starts.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.dockerfile.secret_in_run

import data.policyctl.lib.commands
import data.policyctl.lib.dockerfile
import data.policyctl.lib.secrets

# credentials among the words of a command
deny contains object.union({"path": path, "message": message}, object.filter(found, ["match"])) if {
	some instruction in dockerfile.instructions
	some command in dockerfile.commands_of(instruction)
	not dockerfile.hands_on(command.value)
	some found in commands.credentials(dockerfile.words(command.value))
	path := array.concat(command.path, ["words", found.index])
	message := _message(instruction, $"{found.what} of {commands.program(command.value.words)}")
}

# export TOKEN=..., TOKEN=... command
deny contains {"path": path, "message": message} if {
	some instruction in dockerfile.instructions
	some command in dockerfile.commands_of(instruction)
	some i, assignment in command.value.assignments
	secrets.secret_name(assignment.name)
	secrets.literal(assignment.value)
	not _for_show(command.value, assignment.value)
	path := array.concat(command.path, ["assignments", i, "value"])
	message := _message(instruction, $"the variable {assignment.name}")
}

# echo user:password | chpasswd
deny contains {"path": path, "message": message} if {
	some instruction in dockerfile.instructions
	some command in dockerfile.commands_of(instruction)
	commands.program(dockerfile.words(command.value)) in {"echo", "printf"}
	_feeds(instruction.value, command.value, {"chpasswd"})
	some i, word in command.value.words
	_account(word)
	path := array.concat(command.path, ["words", i])
	message := _message(instruction, "the input of chpasswd")
}

deny contains {"path": path, "message": message} if {
	some instruction in dockerfile.instructions
	some command in dockerfile.commands_of(instruction)
	commands.program(dockerfile.words(command.value)) == "chpasswd"
	some i, redirect in command.value.redirects
	some field in ["target", "content"]
	_account(redirect[field])
	path := array.concat(command.path, ["redirects", i, field])
	message := _message(instruction, "the input of chpasswd")
}

# echo password=... > file
deny contains {"path": path, "match": match, "message": message} if {
	some instruction in dockerfile.instructions
	some command in dockerfile.commands_of(instruction)
	commands.program(dockerfile.words(command.value)) in {"echo", "printf"}
	some file in dockerfile.file_targets(instruction.value, command.value)
	some i, word in command.value.words
	count(commands.credentials(command.value.words)) == 0
	some match in secrets.settings(word)
	path := array.concat(command.path, ["words", i])
	message := _message(instruction, $"what is written to {file}")
}

# cat > file <<EOF, COPY <<EOF file
deny contains {"path": path, "match": match, "message": message} if {
	some text in _documents
	some match in (secrets.settings(text.value) | secrets.url_credentials(text.value))
	path := text.path
	message := _message(text.instruction, "the heredoc")
}

# what no shell parser could read
deny contains {"path": path, "match": match, "message": message} if {
	some instruction in dockerfile.instructions
	not instruction.value.commands
	is_string(instruction.value.command)
	some match in secrets.userinfos(instruction.value.command)
	path := array.concat(instruction.path, ["command"])
	message := _message(instruction, "a URL")
}

_message(instruction, what) := $"{instruction.value.name} of {dockerfile.stage_name(instruction.stage)} has a literal credential in {what}, {dockerfile.kept(instruction.stage)}"

# Tools that insist on a setting get any word for it during a build.
_for_show(command, value) if {
	count(dockerfile.words(command)) > 0
	not dockerfile.words(command) == ["export"]
	regex.match(`(?i)^.{1,7}$|dummy|fake|example|build|test|precompile|assets|change|ignore|insecure|temp|not.?used`, value)
}

# _feeds says whether a command is piped into one of the programs.
_feeds(instruction, command, programs) if {
	some other in instruction.commands
	other.pipeline == command.pipeline
	commands.program(dockerfile.words(other)) in programs
}

_account(text) if {
	some [_, password] in regex.find_all_string_submatch_n(`(?m)^\s*[a-z_][a-z0-9_-]*:([^\s\\]+)`, text, -1)
	secrets.literal(password)
}

_documents := array.concat(
	[{"path": array.concat(instruction.path, ["heredocs", i, "content"]), "value": heredoc.content, "instruction": instruction} |
		some instruction in dockerfile.instructions
		instruction.value.name in {"ADD", "COPY"}
		some i, heredoc in instruction.value.heredocs
	],
	[{"path": array.concat(command.path, ["redirects", i, "content"]), "value": redirect.content, "instruction": instruction} |
		some instruction in dockerfile.instructions
		some command in dockerfile.commands_of(instruction)
		commands.program(dockerfile.words(command.value)) in {"cat", "tee"}
		some i, redirect in command.value.redirects
		is_string(redirect.content)
	],
)
