package policyctl.ansible.secret_in_debug_test

import data.policyctl.ansible.secret_in_debug as rule

_task(args) := {"tasks": [{"name": "Show", "module": "debug", "args": args}]}

test_fires if {
	rule.deny == {{"path": ["tasks", 0, "args", "msg"], "subject": "Show", "message": "task Show prints db_password"}} with input as _task({"msg": "the password is {{ db_password }}"})
	every args in [{"var": "db_password"}, {"var": "vault.api_token"}, {"var": "hostvars[inventory_hostname]['db_password']"}, {"var": "{{ db_password }}"}, {"msg": "{{ creds['api_token'] | upper }}"}] {
		count(rule.deny) == 1 with input as _task(args)
	}
}

test_silent if {
	every args in [{"msg": "set db_password first"}, {"msg": "{{ db_password | length }}"}, {"msg": "{{ db_password is defined }}"}, {"var": "token_result"}, {"var": "db_host"}, {"msg": "{{ 'db_password' }}"}] {
		count(rule.deny) == 0 with input as _task(args)
	}
	count(rule.deny) == 0 with input as {"tasks": [{"name": "", "module": "debug", "no_log": true, "args": {"var": "db_password"}}]}
}

test_what_was_read_from_a_store if {
	rule.deny == {
		{"path": ["tasks", 2, "args", "var"], "subject": "show", "message": "task show prints answer"},
		{"path": ["tasks", 3, "args", "msg"], "subject": "show", "message": "task show prints other"},
	} with input as {"tasks": [
		{"name": "read", "module": "command", "text": "vault kv get -field=value secret/a", "args": {}, "register": "answer"},
		{"name": "read", "module": "vault_kv2_get", "args": {}, "register": "other"},
		{"name": "show", "module": "debug", "args": {"var": "answer.stdout"}},
		{"name": "show", "module": "debug", "args": {"msg": "it is {{ other.secret }}"}},
		{"name": "date", "module": "command", "text": "date", "args": {}, "register": "today"},
		{"name": "show", "module": "debug", "args": {"var": "today.stdout"}},
		{"name": "show", "module": "debug", "args": {"var": "answer.rc"}},
		{"name": "show", "module": "debug", "args": {"msg": "{{ answer.stdout | length }} of other, {{ another }}"}},
	]}
}
