# METADATA
# title: Task that sets a credential does not say no_log
# description: >-
#   A module masks the arguments that it declares as passwords. What it returns, what
#   fails before it runs and what a callback logs is not masked.
# custom:
#   severity: low
#   tier: audit
#   fix: "Set no_log: true on the task."
#   cwe: [532]
package policyctl.ansible.task_without_no_log

import data.policyctl.lib.ansible

deny contains {"path": found.path, "subject": found.task.name, "message": message, "fix": ansible.hide(found.path[1])} if {
	some found in ansible.arguments
	found.task.module != "set_fact"
	ansible.logged(found.task)
	ansible.secret_name(found.name)
	contains(found.text, "{{")
	not contains(found.text, "{{ omit }}")
	not regex.match(`\{\{\s*item\.`, found.text) # a loop shows that anyway
	message := $"{found.of} is given a credential as {found.name}, and no_log is not set"
}
