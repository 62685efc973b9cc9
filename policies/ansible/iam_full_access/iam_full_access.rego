# METADATA
# title: Identity may do everything
# description: >-
#   Whoever takes over one workload with this permission owns the account: every
#   secret in it, every identity, and the logs that would tell.
# custom:
#   severity: high
#   fix: Grant the actions that are needed on the resources that are needed.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.ansible.iam_full_access

import data.policyctl.lib.ansible
import data.policyctl.lib.iam

deny contains {"path": statement.path, "subject": statement.task.name, "message": message} if {
	some statement in ansible.statements
	some found in iam.full(statement.value)
	message := $"{ansible.called(statement.task)} allows {found.text} on every resource"
}

deny contains {"path": array.concat(["tasks", i, "args", name], at), "subject": task.name, "message": message} if {
	some i, task in input.tasks
	task.module in {"iam_group", "iam_role", "iam_user"}
	object.get(task, ["args", "state"], "present") == "present"
	some name in ["managed_policies", "managed_policy"]
	walk(task.args[name], [at, policy])
	is_string(policy)
	iam.administrative(policy)
	message := $"{ansible.called(task)} attaches {regex.replace(policy, `^.*/`, "")}"
}
