# METADATA
# title: Task prints a secret
# description: >-
#   What debug, fail and assert print stands in the output of the run and in every
#   log that keeps it.
# custom:
#   severity: high
#   fix: Remove the task, or print something about the secret (its length, whether it is defined).
#   cwe: [532]
package policyctl.ansible.secret_in_debug

import data.policyctl.lib.ansible

deny contains {"path": found.path, "subject": found.task.name, "message": message} if {
	some found in ansible.arguments
	found.task.module in {"debug", "fail", "assert"}
	ansible.logged(found.task)
	some reference in _printed(found)
	message := $"{found.of} prints {reference}"
}

_printed(found) := ansible.secret_references(found.text) | {name |
	some [_, expression] in regex.find_all_string_submatch_n(`(?s)\{\{(.*?)\}\}`, found.text, -1)
	some name in ansible.fetched(expression)
} if {
	found.name in {"fail_msg", "msg", "success_msg"}
}

# What var names is an expression of its own.
_printed(found) := ansible.shown(expression) | ansible.fetched(expression) if {
	found.name == "var"
	expression := trim(found.text, "{} ")
}
