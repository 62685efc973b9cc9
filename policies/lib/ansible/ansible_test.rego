package policyctl.lib.ansible_test

import data.policyctl.lib.ansible

test_literals if {
	ansible.literals("db_password", "correct-horse") == {"correct-horse"}
	ansible.literals("db_password", `{{ a | default("battery-staple", true) }}`) == {"battery-staple"}
	ansible.literals("db_password", "{{ lookup('env', 'correct-horse') }}") == set()
	ansible.literals("db_password", "$6$salt$hash") == set()
}

test_secret_references if {
	ansible.secret_references("{{ a.db_password }} {{ b['api_token'] | upper }} {{ host }}") == {"a.db_password", "b.api_token"}
	ansible.secret_references("{{ lookup('file', db_password) }}{{ x | password_hash }} db_password") == set()
}

test_called if {
	ansible.called({"name": "Load"}) == "task Load"
	ansible.called({"name": "", "module": "shell"}) == "a task of shell"
}

test_logged if {
	ansible.logged({})
	ansible.logged({"no_log": false})
	not ansible.logged({"no_log": true})
	not ansible.logged({"no_log": "{{ hide }}"})
}

test_secret_name if {
	ansible.secret_name("login_password")
	not ansible.secret_name("update_password")
}

test_texts_with_their_places if {
	document := {"vars": [{"name": "a", "of": "", "value": {"b": ["x"]}}], "tasks": [{"name": "", "module": "m", "args": {"line": "y"}}]}
	[[found.path, found.name] | some found in ansible.variables] == [[["vars", 0, "value", "b", 0], "b"]] with input as document
	[[found.path, found.at] | some found in ansible.arguments] == [[["tasks", 0, "args", "line"], ["line"]]] with input as document
	ansible.script("line")
}
