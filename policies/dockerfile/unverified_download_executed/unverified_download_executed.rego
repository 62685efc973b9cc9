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
	some i, command in dockerfile.commands
	downloader := commands.program(dockerfile.words(command.value))
	downloader in {"curl", "wget", "fetch"}
	runners := [runner | some runner in _all_runners[dockerfile.pipeline(command)]; runner.index > i]
	message := _message(command.instruction, downloader, min(runners).program)
}

_all_runners := _runners

# The programs of a pipeline that execute what comes through it.
_runners[dockerfile.pipeline(command)] contains {"index": i, "program": commands.program(command.value.words)} if {
	some i, command in dockerfile.commands
	_executes(dockerfile.words(command.value))
}

# sh -c "$(curl URL)", eval "$(curl URL)", source <(curl URL)
deny contains {"path": array.concat(command.path, ["words", i]), "message": message} if {
	some command in dockerfile.commands
	some i, word in command.value.words
	some [_, downloader] in regex.find_all_string_submatch_n(`^(?:\$\(|<\(|\x60)\s*(curl|wget|fetch)\s`, word, 1)
	runner := regex.replace(command.value.words[0], `^.*/`, "")
	runner in (_shells | {"eval", "source", ".", "sudo"})
	message := _message(command.instruction, downloader, runner)
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
