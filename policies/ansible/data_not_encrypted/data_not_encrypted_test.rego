package policyctl.ansible.data_not_encrypted_test

import data.policyctl.ansible.data_not_encrypted as rule

_input(args) := {"tasks": [{"name": "Make", "module": "rds_instance", "args": args}]}

test_off if {
	every value in [false, "no"] {
		rule.deny == {{"path": ["tasks", 0, "args", "storage_encrypted"], "subject": "Make", "message": $"data is not encrypted at rest: storage_encrypted of task Make is {value}"}} with input as _input({"storage_encrypted": value})
	}
}

test_silent if {
	every args in [{}, {"storage_encrypted": true}, {"storage_encrypted": "{{ encrypted }}"}, {"storage_encrypted": false, "state": "deleted"}] {
		rule.deny == set() with input as _input(args)
	}
}
