# METADATA
# title: Download is executed unseen
# description: >-
#   What a server sends is run as it comes. Whoever controls the server or its name reads every secret that the build can
#   reach, and changes the image.
# related_resources:
#   - https://docs.docker.com/reference/dockerfile/#add---checksum
# custom:
#   severity: medium
#   tier: strict
#   fix: Download to a file, compare its checksum (ADD --checksum, sha256sum -c), then run it.
#   tags: [supply-chain]
#   cwe: [494]
package policyctl.dockerfile.unverified_download_executed

import data.policyctl.lib.commands
import data.policyctl.lib.dockerfile

# curl URL | sh
deny contains {"path": array.concat(command.path, ["words"]), "message": message} if {
	some instruction in dockerfile.instructions
	some i, command in dockerfile.commands_of(instruction)
	downloader := commands.program(dockerfile.words(command.value))
	downloader in {"curl", "wget", "fetch"}
	some j, other in instruction.value.commands
	j > i
	other.pipeline == command.value.pipeline
	_executes(dockerfile.words(other))
	message := _message(instruction, downloader, commands.program(other.words))
}

# sh -c "$(curl URL)", eval "$(curl URL)", source <(curl URL)
deny contains {"path": array.concat(command.path, ["words", i]), "message": message} if {
	some instruction in dockerfile.instructions
	some command in dockerfile.commands_of(instruction)
	some i, word in command.value.words
	some [_, downloader] in regex.find_all_string_submatch_n(`^(?:\$\(|<\(|\x60)\s*(curl|wget|fetch)\s`, word, 1)
	runner := regex.replace(command.value.words[0], `^.*/`, "")
	runner in (_shells | {"eval", "source", ".", "sudo"})
	message := _message(instruction, downloader, runner)
}

_message(instruction, downloader, runner) := $"{instruction.value.name} of {dockerfile.stage_name(instruction.stage)} runs with {runner} what {downloader} downloads"

_shells := {"sh", "bash", "dash", "ash", "ksh", "zsh"}

_executes(words) if {
	commands.program(words) in _shells
	not _is_argument(words, `^-[a-z]*c$`)
}

# An interpreter reads its program from the pipe only if it is given none.
_executes(words) if {
	commands.program(words) in {"python", "python2", "python3", "perl", "ruby", "node", "php"}
	not _is_argument(words, `^-[cemnpr]|^[^-].*\.`)
}

_is_argument(words, pattern) if {
	some word in words
	regex.match(pattern, word)
}
