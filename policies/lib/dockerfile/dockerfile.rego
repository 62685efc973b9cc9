# Package dockerfile walks the stages and instructions of a Dockerfile. What it
# yields has the form {"path", "value"}, so that a rule can extend the path.
package policyctl.lib.dockerfile

import data.policyctl.lib.commands as command_line
import data.policyctl.lib.secrets

# instructions are those of all stages, each with the stage it belongs to.
instructions := [{"path": ["stages", s, "instructions", i], "value": instruction, "stage": stage} |
	some s, stage in input.stages
	some i, instruction in stage.instructions
]

# pairs are the names and values of all instructions of a kind (ENV, ARG, LABEL).
pairs(name) := [{"path": array.concat(instruction.path, ["pairs", i]), "value": pair, "stage": instruction.stage} |
	some instruction in instructions
	instruction.value.name == name
	some i, pair in instruction.value.pairs
]

# global_args are the ARGs before the first FROM.
global_args := [{"path": ["args", i], "value": pair} | some i, pair in input.args]

# holds_credential says whether the name of a pair promises a credential and its
# value is one that stands there in clear text.
holds_credential(pair) if {
	secrets.secret_name(pair.key)
	secrets.literal(_literal(pair))
}

# Where nothing is expanded, a dollar sign is a dollar sign.
_literal(pair) := replace(pair.value, "$", "-") if not pair.references

# The text that stands in for a variable that is not set.
_literal(pair) := text if {
	count(pair.references) == 1
	some [_, text] in regex.find_all_string_submatch_n(`^\$\{[A-Za-z0-9_]+:?-([^${}]+)\}$`, pair.value, 1)
}

# no_credential says whether a build argument has a default that cannot be one.
no_credential(pair) if {
	count(object.get(pair, "value", "")) > 0
	not secrets.plausible(pair.value)
}

# secret_arguments are the build arguments with the name of a credential that each
# stage declares, by its index.
secret_arguments := _secret_arguments

_secret_arguments[pair.stage.index] contains pair.value.key if {
	some pair in pairs("ARG")
	secrets.secret_name(pair.value.key)
}

# secret_references are the variables with the name of a credential that a text
# mentions.
secret_references(text) := {name |
	some [_, name] in regex.find_all_string_submatch_n(`\$\{?([A-Za-z_][A-Za-z0-9_]*)`, text, -1)
	secrets.secret_name(name)
}

# commands are the simple commands of all command lines, each with the
# instruction it belongs to.
commands := [{"path": array.concat(instruction.path, ["commands", i]), "value": command, "instruction": instruction} |
	some instruction in instructions
	some i, command in instruction.value.commands
]

# pipeline identifies the pipeline that a command is part of.
pipeline(command) := [command.instruction.path, command.value.pipeline]

# words of a command; assignments alone have none.
words(command) := object.get(command, "words", [])

# hands_on says whether a command gives a script to a shell: its commands stand
# beside it.
hands_on(command) if {
	command_line.program(words(command)) in {"sh", "bash", "dash", "ash", "ksh", "zsh", "su"}
	some word in words(command)
	regex.match(`^-[a-z]*c$`, word)
}

# settings_file is the file in which a tool keeps what a command tells it. Words
# that contradict each other name several: then it is one of them.
settings_file(command) := min(_settings(command)) if count(_settings(command)) > 0

_settings(command) := union({_settings_of_tool(command), _settings_of_git(command), _settings_of_clone(command)})

_settings_of_tool(command) := {file |
	"config" in command.words
	file := _settings_files[command_line.program(words(command))]
}

_settings_of_git(command) := {file |
	command_line.program(words(command)) == "git"
	"config" in command.words
	some option, file in {"--global": "~/.gitconfig", "--system": "/etc/gitconfig"}
	option in command.words
}

_settings_of_clone(command) := {$"{folder}/.git/config" |
	command_line.program(words(command)) == "git"
	"clone" in command.words
	last := command.words[count(command.words) - 1]
	folder := regex.replace(regex.replace(last, `^.*://.*/`, ""), `\.git$`, "")
}

_settings_files := {
	"bundle": "~/.bundle/config",
	"composer": "~/.composer/auth.json",
	"npm": "~/.npmrc",
	"pip": "~/.config/pip/pip.conf",
	"pip3": "~/.config/pip/pip.conf",
	"pnpm": "~/.npmrc",
	"poetry": "~/.config/pypoetry/auth.toml",
	"yarn": "~/.npmrc",
}

# file_targets are the files that a command writes its output to, itself or
# through tee.
file_targets(command) := {redirect.target |
	some redirect in command.value.redirects
	redirect.operator in {">", ">>", ">|", "&>", "&>>"}
	_is_file(redirect.target)
} | {file | some file in _all_tee_targets[pipeline(command)]}

# Asked for as a whole, it is made once; asked for by a key, it is made anew for
# each key.
_all_tee_targets := _tee_targets

_tee_targets[pipeline(command)] contains file if {
	some command in commands
	some i, word in command.value.words
	regex.match(`(?:^|/)tee$`, word)
	some j, file in command.value.words
	j > i
	not startswith(file, "-")
	_is_file(file)
}

_is_file(target) if not regex.match(`^/dev/|^&|^[0-9]$`, target)

# removes says whether an instruction deletes a file again, so that no layer keeps
# it.
removes(instruction, file) if {
	some word in _all_removed[instruction.path]
	_covers(word, _plain(file))
}

_all_removed := _removed

_removed[command.instruction.path] contains _plain(word) if {
	some command in commands
	command_line.program(words(command.value)) in {"rm", "shred", "unlink"}
	some word in command.value.words
}

# rm of a folder or of a pattern deletes what is in it.
_covers(word, file) if word == file

_covers(word, file) if {
	count(word) > 1
	startswith(file, $"{trim_right(word, "/*")}/")
}

_covers(word, file) if {
	contains(word, "/")
	endswith(word, $"/{file}")
}

_covers(word, file) if endswith(file, $"/{word}")

# _plain writes a home folder in one way.
_plain(path) := regex.replace(trim(path, `"'`), `^(?:~|\$\{?HOME\}?|/root)/`, "~/")

# stage_name is what a message calls a stage.
stage_name(stage) := "the final stage" if stage.final

stage_name(stage) := $"stage {name}" if {
	not stage.final
	name := object.get(stage, "name", stage.index)
}

# kept says who can read what a stage holds.
kept(stage) := "everyone who can pull the image can read it" if stage.final

kept(stage) := "the build cache and images of that stage keep it" if not stage.final
