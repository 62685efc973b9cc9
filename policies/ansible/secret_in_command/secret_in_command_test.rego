package policyctl.ansible.secret_in_command_test

import data.policyctl.ansible.secret_in_command as rule

_task(text) := {"tasks": [{"name": "Load", "module": "shell", "text": text}]}

test_fires if {
	rule.deny == {{
		"path": ["tasks", 0, "text"], "match": "-pcorrect-horse", "subject": "Load",
		"message": "the option -p in the command line of task Load holds a literal credential",
	}} with input as _task("cd /tmp && mysql -u root -pcorrect-horse < dump.sql")
	[found.path | some found in rule.deny] == [["tasks", 0, "text", 2]] with input as _task(["app", "--password", "correct-horse"])
}

test_silent if {
	every text in ["mysql -u root -p{{ db_password }}", "mysql -u root -p'{{ db.password }}' app", "mkdir -p /opt/app", "echo done"] {
		count(rule.deny) == 0 with input as _task(text)
	}
	count(rule.deny) == 0 with input as {"tasks": [{"name": "", "module": "copy", "args": {}}]}
}
