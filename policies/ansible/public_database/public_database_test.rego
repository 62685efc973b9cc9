package policyctl.ansible.public_database_test

import data.policyctl.ansible.public_database as rule

_input(args) := {"tasks": [{"name": "Make", "module": "rds_instance", "args": args}]}

test_public if {
	rule.deny == {{"path": ["tasks", 0, "args", "publicly_accessible"], "subject": "Make", "message": "the internet can reach it: publicly_accessible of task Make is true"}} with input as _input({"publicly_accessible": true})
}

test_silent if {
	every args in [{}, {"publicly_accessible": false}, {"publicly_accessible": "{{ public }}"}, {"publicly_accessible": true, "state": "absent"}] {
		rule.deny == set() with input as _input(args)
	}
}
