package policyctl.ansible.task_without_no_log_test

import data.policyctl.ansible.task_without_no_log as rule

_input(task) := {"tasks": [object.union({"name": "Set", "module": "mysql_user"}, task)]}

test_fires if {
	rule.deny == {{"path": ["tasks", 0, "args", "password"], "subject": "Set", "message": "task Set is given a credential as password, and no_log is not set", "fix": {"op": "add", "path": ["tasks", 0, "no_log"], "value": true}}} with input as _input({"args": {"password": "{{ db_password }}", "name": "{{ x }}"}})
}

test_silent if {
	every task in [{"no_log": true, "args": {"password": "{{ x }}"}}, {"args": {"update_password": "{{ x }}"}}, {"args": {"password": "{{ omit }}"}}, {"args": {"password": "correct-horse"}}] {
		count(rule.deny) == 0 with input as _input(task)
	}
}
