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
	some command in dockerfile.commands
	not dockerfile.hands_on(command.value)
	some found in commands.credentials(dockerfile.words(command.value))
	path := array.concat(command.path, ["words", found.index])
	message := _message(command.instruction, $"{found.what} of {commands.program(command.value.words)}")
}

# export TOKEN=..., TOKEN=... command
deny contains {"path": path, "message": message} if {
	some command in dockerfile.commands
	some i, assignment in command.value.assignments
	secrets.secret_name(assignment.name)
	secrets.literal(assignment.value)
	not _for_show(command.value, assignment.value)
	path := array.concat(command.path, ["assignments", i, "value"])
	message := _message(command.instruction, $"the variable {assignment.name}")
}

# echo user:password | chpasswd
deny contains {"path": path, "message": message} if {
	some command in dockerfile.commands
	_prints(command)
	dockerfile.pipeline(command) in _setting_passwords
	some i, word in command.value.words
	_account(word)
	path := array.concat(command.path, ["words", i])
	message := _message(command.instruction, "the input of chpasswd")
}

# chpasswd <<< user:password
deny contains {"path": path, "message": message} if {
	some command in dockerfile.commands
	_sets_passwords(command)
	some i, redirect in command.value.redirects
	some field in ["target", "content"]
	_account(redirect[field])
	path := array.concat(command.path, ["redirects", i, field])
	message := _message(command.instruction, "the input of chpasswd")
}

# echo password=... > file
deny contains {"path": path, "match": match, "message": message} if {
	some command in dockerfile.commands
	_prints(command)
	some file in dockerfile.file_targets(command)
	count(commands.credentials(command.value.words)) == 0
	some i, word in command.value.words
	some match in secrets.settings(word)
	path := array.concat(command.path, ["words", i])
	message := _message(command.instruction, $"what is written to {file}")
}

# cat > file <<EOF, COPY <<EOF file
deny contains {"path": text.path, "match": match, "message": message} if {
	some text in array.concat(_copied_texts, _written_texts)
	some match in (secrets.settings(text.value) | secrets.url_credentials(text.value))
	message := _message(text.instruction, "the heredoc")
}

# what no shell parser could read
deny contains {"path": path, "match": match, "message": message} if {
	some instruction in dockerfile.instructions
	not instruction.value.commands
	some match in secrets.url_credentials(instruction.value.command)
	path := array.concat(instruction.path, ["command"])
	message := _message(instruction, "a URL")
}

_message(instruction, what) := $"{instruction.value.name} of {dockerfile.stage_name(instruction.stage)} has a literal credential in {what}, {dockerfile.kept(instruction.stage)}"

# Tools that insist on a setting get any word for it during a build.
_for_show(command, value) if {
	count(dockerfile.words(command)) > 0
	command.words != ["export"]
	regex.match(`(?i)^.{1,7}$|dummy|fake|example|build|test|precompile|assets|change|ignore|insecure|temp|not.?used`, value)
}

_prints(command) if commands.program(dockerfile.words(command.value)) in {"echo", "printf"}

_sets_passwords(command) if commands.program(dockerfile.words(command.value)) == "chpasswd"

_setting_passwords contains dockerfile.pipeline(command) if {
	some command in dockerfile.commands
	_sets_passwords(command)
}

_account(text) if {
	some [_, password] in regex.find_all_string_submatch_n(`(?m)^\s*[a-z_][a-z0-9_-]*:([^\s\\]+)`, text, -1)
	secrets.literal(password)
}

_copied_texts := [{"path": array.concat(instruction.path, ["heredocs", i, "content"]), "value": heredoc.content, "instruction": instruction} |
	some instruction in dockerfile.instructions
	instruction.value.name in {"ADD", "COPY"}
	some i, heredoc in instruction.value.heredocs
]

_written_texts := [{"path": array.concat(command.path, ["redirects", i, "content"]), "value": redirect.content, "instruction": command.instruction} |
	some command in dockerfile.commands
	commands.program(dockerfile.words(command.value)) in {"cat", "tee"}
	some i, redirect in command.value.redirects
]
