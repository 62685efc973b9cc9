package policyctl.ansible.public_resource_policy_test

import data.policyctl.ansible.public_resource_policy as rule

_given(module, statement) := {"tasks": [{"name": "", "module": module, "args": {"policy": json.marshal({"Statement": [statement]})}}]}

_open(action) := {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": action, "Resource": "*"}

test_everybody if {
	rule.deny == {{"path": ["tasks", 0, "args", "policy"], "subject": "", "message": "a task of kms_key allows kms:* to everybody"}} with input as _given("kms_key", _open("kms:*"))
	{found.message | some found in rule.deny} == {"task Deploy allows sts:AssumeRole to everybody"} with input as {"tasks": [{"name": "Deploy", "module": "iam_role", "args": {"assume_role_policy_document": {"Statement": [_open("sts:AssumeRole")]}}}]}
}

test_silent if {
	rule.deny == set() with input as _given("s3_bucket", _open(["s3:GetObject"]))
	rule.deny == set() with input as _given("ec2_vpc_endpoint", _open("*"))
	rule.deny == set() with input as _given("sqs_queue", object.union(_open("sqs:SendMessage"), {"Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:1:orders"}}}))
	rule.deny == set() with input as _given("sqs_queue", object.union(_open("sqs:SendMessage"), {"Effect": "Deny"}))
	rule.deny == set() with input as _given("kms_key", object.union(_open("kms:*"), {"Principal": {"AWS": "arn:aws:iam::1:root"}}))
}
