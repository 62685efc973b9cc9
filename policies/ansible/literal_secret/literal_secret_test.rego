package policyctl.ansible.literal_secret_test

import data.policyctl.ansible.literal_secret as rule

_variable(name, value) := {"vars": [{"name": name, "value": value, "of": ""}], "tasks": []}

_task(module, args) := {"vars": [], "tasks": [{"name": "", "module": module, "args": args}]}

test_variables if {
	rule.deny == {{"path": ["vars", 0, "value"], "subject": "db_password", "message": "variable db_password holds a literal credential"}} with input as _variable("db_password", "correct-horse")
	rule.deny == {{"path": ["vars", 0, "value", "url"], "match": "app:correct-horse@", "subject": "url", "message": "variable url of play Web holds a literal credential"}} with input as {"tasks": [], "vars": [{"name": "db", "of": "play Web", "value": {"url": "postgres:\/\/app:correct-horse@db"}}]}
}

test_literals_within_jinja if {
	every text in ["{{ vault_password | default('correct-horse') }}", `{{ "correct-horse" | password_hash('sha512') }}`] {
		[found.match | some found in rule.deny] == ["correct-horse"] with input as _variable("db_password", text)
	}
}

test_arguments if {
	every entry in [["mysql_user", {"password": "correct-horse"}], ["uri", {"headers": {"Authorization": "Bearer correct-horse"}}], ["lineinfile", {"line": "DB_PASSWORD=correct-horse"}], ["ssm_parameter", {"string_type": "SecureString", "value": "correct-horse"}], ["docker_secret", {"data": "correct-horse"}]] {
		count(rule.deny) == 1 with input as _task(entry[0], entry[1])
	}
}

test_silent if {
	every value in ["{{ vault_db_password }}", "{{ lookup('env', 'DB_PASSWORD') }}", {"$unknown": ["vault"]}, "", "{{ x | default('') }}", "{{ x | default(omit) }}", "$6$salt$hash", "*"] {
		count(rule.deny) == 0 with input as _variable("db_password", value)
		count(rule.deny) == 0 with input as _task("user", {"password": value})
	}
	every name in ["db_password_length", "password_file", "update_password", "secret_name"] {
		count(rule.deny) == 0 with input as _variable(name, "correct-horse")
	}
	count(rule.deny) == 0 with input as _task("ssm_parameter", {"string_type": "String", "value": "correct-horse"})
	count(rule.deny) == 0 with input as _task("uri", {"headers": {"Authorization": "Bearer {{ token }}"}, "url": "https://example.com"})
}

test_parameters_that_are_named_like_a_secret if {
	count(rule.deny) == 1 with input as _task("ssm_parameter", {"name": "/orders/db-password", "string_type": "String", "value": "correct-horse"})
	rule.deny == set() with input as _task("ssm_parameter", {"name": "/orders/motto", "string_type": "String", "value": "correct-horse"})
}

test_secrets_of_kubernetes if {
	found := {[finding.path, object.get(finding, "match", "")] | some finding in rule.deny} with input as {"vars": [], "tasks": [
		{"name": "make", "module": "k8s", "args": {"definition": {"kind": "Secret", "stringData": {"opaque": "correct-horse", "user": "app", "fine": "{{ opaque }}"}, "data": {"made": "{{ 'correct-horse' | b64encode }}"}}}},
		{"name": "make", "module": "k8s", "args": {"definition": {"kind": "ConfigMap", "data": {"opaque": "correct-horse"}}}},
		{"name": "make", "module": "copy", "args": {"definition": {"kind": "Secret", "data": {"opaque": "correct-horse"}}}},
	]}
	found == {
		[["tasks", 0, "args", "definition", "stringData", "opaque"], ""],
		[["tasks", 0, "args", "definition", "data", "made"], "correct-horse"],
	}
}

test_what_a_task_is_repeated_for if {
	found := {finding.path | some finding in rule.deny} with input as {"vars": [], "tasks": [{"name": "make", "module": "user", "args": {}, "loop": [{"password": "correct-horse", "name": "app"}]}]}
	found == {["tasks", 0, "loop", 0, "password"]}
}
