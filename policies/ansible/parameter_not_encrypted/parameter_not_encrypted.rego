# METADATA
# title: Parameter for a secret is not encrypted
# description: >-
#   A parameter of type String is readable by everyone who may read parameters,
#   with no key to guard it, and shows in lists and histories.
# custom:
#   severity: high
#   fix: 'Set string_type: SecureString, and rotate the value.'
#   cwe: [311]
package policyctl.ansible.parameter_not_encrypted

import data.policyctl.lib.ansible

deny contains {"path": ["tasks", i, "args", "string_type"], "subject": task.name, "message": message} if {
	some i, task in input.tasks
	task.module in {"aws_ssm_parameter_store", "ssm_parameter"}
	type := object.get(task.args, "string_type", "String")
	type in {"String", "StringList"}
	is_string(task.args.value)
	is_string(task.args.name)
	ansible.secret_name(regex.replace(task.args.name, `^.*/`, ""))
	message := $"{ansible.called(task)} keeps {task.args.name} as a parameter of type {type}"
}
