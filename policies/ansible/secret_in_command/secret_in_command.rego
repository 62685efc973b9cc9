# METADATA
# title: Command line of a task holds a literal credential
# description: >-
#   The value stands in the repository, in the list of processes while the command
#   runs, and in the log of the run.
# custom:
#   severity: high
#   fix: Revoke the value; encrypt the new one with Vault and hand it over through environment or stdin, with no_log.
#   tags: [secret-value]
#   cwe: [798, 214]
package policyctl.ansible.secret_in_command

import data.policyctl.lib.ansible
import data.policyctl.lib.commands

deny contains object.union(place, {"message": message, "subject": task.name}) if {
	some i, task in input.tasks
	some line in _lines(task.text)
	some found in commands.credentials(line.words)
	place := object.union(_place(i, line, found.index), object.filter(found, ["match"]))
	message := $"{found.what} in the command line of {ansible.called(task)} holds a literal credential"
}

_lines(text) := [{"tokens": tokens, "words": [trim(token, `"'`) | some token in tokens]} |
	some line in regex.split(`&&|\|\||[;|\n]`, replace(text, "\\\n", "  "))
	tokens := regex.find_n(`(?:"[^"]*"|'[^']*'|\{\{.*?\}\}|[^\s"'])+`, line, -1)
] if is_string(text)

_lines(text) := [{"words": text}] if is_array(text)

_place(i, line, index) := {"path": ["tasks", i, "text"], "match": line.tokens[index]} if line.tokens

_place(i, line, index) := {"path": ["tasks", i, "text", index]} if not line.tokens
