# METADATA
# title: Task with a secret is logged
# description: >-
#   Ansible shows command lines, the items of loops and what is written into files;
#   modules mask only those arguments that they know as passwords.
# custom:
#   severity: medium
#   tier: strict
#   fix: "Set no_log: true on the task; of a loop, label in loop_control hides the items."
#   cwe: [532]
package policyctl.ansible.secret_without_no_log

import data.policyctl.lib.ansible

deny contains {"path": path, "subject": task.name, "message": message, "fix": ansible.hide(i)} if {
	some i, task in input.tasks
	ansible.logged(task)
	some found in _shown(i, task)
	path := found.path
	message := $"{ansible.called(task)} shows {min(found.references)}: no_log is not set"
}

_shown(i, task) := [{"path": ["tasks", i, "text"], "references": references} |
	references := {reference | walk(task.text, [_, text]); is_string(text); some reference in ansible.secret_references(text)}
	count(references) > 0
] if task.text

_shown(i, task) := [{"path": argument.path, "references": references} |
	some argument in ansible.arguments
	argument.path[1] == i
	references := _of(task, argument)
	count(references) > 0
] if not task.text

_of(_, argument) := ansible.secret_references(argument.text) if {
	not argument.task.loop
	_unmasked(argument)
}

# An item is shown as a whole, whatever a module masks.
_of(task, argument) := {reference |
	some reference in ansible.secret_references(argument.text)
	_in_item(argument, reference)
} if task.loop

_in_item(_, reference) if startswith(reference, "item.")

_in_item(argument, _) if _unmasked(argument)

_unmasked(argument) if argument.at[0] in {"block", "body", "content", "headers", "line"}

_unmasked(argument) if argument.task.module == "set_fact"
