# METADATA
# title: Mounted secret is written into a layer
# description: >-
#   A secret mount leaves nothing behind, unless the command that reads it writes it to a file of the image. Then the
#   layer keeps it like any other file.
# related_resources:
#   - https://docs.docker.com/build/building/secrets/
# custom:
#   severity: high
#   fix: >-
#     Mount the secret where it is read (target=/root/.npmrc), or delete the file in the same RUN.
#   tags: [build]
#   cwe: [538]
package policyctl.dockerfile.secret_mount_copied

import data.policyctl.lib.commands
import data.policyctl.lib.dockerfile

# cp /run/secrets/x file
deny contains {"path": array.concat(command.path, ["words"]), "message": message} if {
	some command in dockerfile.commands
	some mount in _mounts(command.instruction.value)
	commands.program(dockerfile.words(command.value)) in {"cp", "install", "mv", "rsync"}
	words := [_filled(command.instruction, word) | some word in command.value.words; not startswith(word, "-")]
	mount.target in array.slice(words, 1, count(words) - 1)
	file := _destination(words[count(words) - 1], mount.target)
	_stays(command.instruction, file)
	message := _message(command.instruction, mount, file)
}

# cat /run/secrets/x > file, echo "$(cat /run/secrets/x)" > file, echo $TOKEN > file
deny contains {"path": command.path, "message": message} if {
	some command in dockerfile.commands
	some mount in _mounts(command.instruction.value)
	commands.program(dockerfile.words(command.value)) in {"cat", "echo", "printf", "envsubst", "base64", "tee"}
	_reads({"words": [_filled(command.instruction, word) | some word in command.value.words]}, mount)
	some file in dockerfile.file_targets(command)
	_stays(command.instruction, file)
	message := _message(command.instruction, mount, file)
}

# npm config set //registry/:_authToken $(cat /run/secrets/x)
deny contains {"path": command.path, "message": message} if {
	some command in dockerfile.commands
	some mount in _mounts(command.instruction.value)
	file := dockerfile.settings_file(command.value)
	_reads({"words": [_filled(command.instruction, word) | some word in command.value.words]}, mount)
	_stays(command.instruction, file)
	message := _message(command.instruction, mount, file)
}

_message(instruction, mount, file) := $"RUN writes the mounted secret {mount.id} to {file} in {dockerfile.stage_name(instruction.stage)}, {dockerfile.kept(instruction.stage)}"

# _filled is a word with the folders and files in it that variables of the image and of the
# command name.
_filled(_, word) := word if not contains(word, "$")

_filled(instruction, word) := strings.replace_n(_folders(instruction), word) if contains(word, "$")

_folders(instruction) := object.union_n([{concat("", ["${", name, "}"]): value, concat("", ["$", name]): value} | some [name, value] in array.concat(_image(instruction), _assigned(instruction))])

_image(instruction) := [[pair.value.key, pair.value.value] |
	some pair in dockerfile.pairs("ENV")
	pair.stage.index == instruction.stage.index
	startswith(pair.value.value, "/")
]

_assigned(instruction) := [[set.name, set.value] |
	some command in instruction.value.commands
	some set in command.assignments
	startswith(set.value, "/")
]

# _mounts are the secret mounts of a RUN, and where it finds them.
_mounts(instruction) := {mount |
	some flag in instruction.flags
	flag.name == "mount"
	options := regex.find_all_string_submatch_n(`(?:^|,)([a-z]+)=([^,]*)`, flag.value, -1)
	_option(options, {"type"}, "") == "secret"
	id := _option(options, {"id"}, "")
	target := _option(options, {"target", "dst", "destination"}, $"/run/secrets/{id}")
	mount := {"id": id, "target": target, "variable": _option(options, {"env"}, "")}
}

# _option is the value of an option: of several, the last one holds.
_option(options, names, otherwise) := values[count(values) - 1] if {
	found := [value | some [_, name, value] in options; name in names]
	values := array.concat([otherwise], found)
}

_reads(command, mount) if {
	commands.program(command.words) == "cat"
	mount.target in command.words
}

_reads(command, mount) if {
	some word in command.words
	regex.match(concat("", [`(?:\$\(\s*(?:cat\s|<)|\x60\s*cat\s)\s*["']?`, _quoted(mount.target), `\b`]), word)
}

_reads(command, mount) if {
	regex.match(`^\w+$`, mount.variable)
	some word in command.words
	regex.match(concat("", [`\$\{?`, mount.variable, `\b`]), word)
}

_quoted(text) := regex.replace(text, `[^A-Za-z0-9_/]`, ".")

_destination(path, _) := path if not regex.match(`(?:^\.|/)$`, path)

_destination(path, target) := $"{path}{regex.replace(target, `^.*/`, "")}" if regex.match(`(?:^\.|/)$`, path)

_stays(instruction, file) if {
	not dockerfile.removes(instruction, file)
	not regex.match(`^/(?:run|dev)/`, file)
}
