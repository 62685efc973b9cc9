package policyctl.ansible.secret_without_no_log_test

import data.policyctl.ansible.secret_without_no_log as rule

_input(task) := {"tasks": [object.union({"name": "Set"}, task)]}

test_fires if {
	rule.deny == {{"path": ["tasks", 0, "text"], "subject": "Set", "message": "task Set shows db_password: no_log is not set", "fix": {"op": "add", "path": ["tasks", 0, "no_log"], "value": true}}} with input as _input({"module": "shell", "text": "psql {{ db_password }}"})
	every task in [
		{"module": "copy", "args": {"content": "x={{ api_token }}", "dest": "/x"}},
		{"module": "uri", "no_log": false, "args": {"headers": {"Authorization": "Bearer {{ api_token }}"}}},
		{"module": "mysql_user", "loop": "{{ users }}", "args": {"name": "{{ item.name }}", "password": "{{ item.password }}"}},
		{"module": "set_fact", "args": {"dsn": "x:{{ db_password }}"}},
		{"module": "command", "text": ["app", "{{ db_password }}"]},
		{"module": "copy", "loop": [1], "args": {"content": "x={{ api_token }}"}},
	] {
		count(rule.deny) == 1 with input as _input(task)
	}
}

test_silent if {
	every task in [
		{"module": "shell", "text": "psql {{ db_password }}", "no_log": true},
		{"module": "shell", "text": "psql {{ db_password }}", "no_log": "{{ hide }}"},
		{"module": "shell", "text": "psql {{ db_host }}"},
		{"module": "mysql_user", "args": {"password": "{{ db_password }}"}},
		{"module": "mysql_user", "loop": "{{ hosts }}", "args": {"host": "{{ item }}", "password": "{{ db_password }}"}},
		{"module": "template", "args": {"src": "x"}},
	] {
		count(rule.deny) == 0 with input as _input(task)
	}
}
