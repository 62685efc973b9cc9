package policyctl.ansible.iam_full_access_test

import data.policyctl.ansible.iam_full_access as rule

_input(module, args) := {"tasks": [{"name": "Grant", "module": module, "args": args}]}

_policy(statement) := _input("iam_policy", {"policy_json": json.marshal({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}, statement]})})

test_every_action if {
	rule.deny == {{"path": ["tasks", 0, "args", "policy_json"], "subject": "Grant", "message": "task Grant allows * on every resource"}} with input as _policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
	count(rule.deny) == 1 with input as _input("iam_managed_policy", {"policy": {"Statement": {"Effect": "Allow", "Action": ["*"], "Resource": "*"}}})
}

test_attached if {
	rule.deny == {{"path": ["tasks", 0, "args", "managed_policies", 1], "subject": "Grant", "message": "task Grant attaches AdministratorAccess"}} with input as _input("iam_role", {"managed_policies": ["ReadOnlyAccess", "arn:aws:iam::aws:policy/AdministratorAccess"]})
}

test_silent if {
	every statement in [
		{"Effect": "Deny", "Action": "*", "Resource": "*"},
		{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::orders/*"},
		{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": {"AWS": "arn:aws:iam::1:root"}},
	] {
		rule.deny == set() with input as _policy(statement)
	}
	every args in [{"policy_json": "{{ lookup('file', 'policy.json') }}"}, {"policy_json": "{\"Statement\": {{ statements }}}"}, {"policy": null}, {"policy_name": "x"}] {
		rule.deny == set() with input as _input("iam_policy", args)
	}
	rule.deny == set() with input as _input("iam_role", {"managed_policies": ["AdministratorAccess"], "state": "absent"})
	rule.deny == set() with input as _input("iam_role", {"managed_policies": "{{ policies }}"})
}
