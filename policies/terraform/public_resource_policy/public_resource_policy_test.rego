package policyctl.terraform.public_resource_policy_test

import data.policyctl.terraform.public_resource_policy as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

_policy(statement) := _module("aws_sqs_queue_policy", {"policy$json": {"Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Principal": {"Service": "sns.amazonaws.com"}}, statement]}})

_open(actions) := {"Effect": "Allow", "Action": actions, "Principal": "*"}

test_writing_for_everyone if {
	everyone := "http:\/\/acs.amazonaws.com/groups/global/AllUsers"
	_reported("aws_s3_bucket_acl", {"access_control_policy": [{"grant": [{"permission": "WRITE", "grantee": [{"uri": everyone}]}]}]}) == {"access_control_policy.0.grant.0.permission"}
	_reported("aws_s3_bucket", {"grant": [{"uri": everyone, "permissions": ["FULL_CONTROL"]}, {"id": "x", "permissions": ["FULL_CONTROL"]}]}) == {"grant.0.permissions"}
	_reported("aws_s3_bucket", {"grant": [{"uri": everyone, "permissions": ["READ"]}]}) == set() # of another rule
}

test_wildcards if {
	rule.deny == {{
		"path": ["resources", 0, "values", "policy$json", "Statement", 1, "Principal"],
		"subject": "aws_sqs_queue_policy.x",
		"message": "aws_sqs_queue_policy.x allows sqs:* to everyone: Principal is a wildcard and no condition says who",
		"targets": {"action sqs:*"},
	}} with input as _policy(_open("sqs:*"))
	count(rule.deny) == 1 with input as _policy({"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Principal": {"AWS": ["*"]}})
	count(rule.deny) == 1 with input as _policy(object.union(_open("sqs:*"), {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}))
	count(rule.deny) == 1 with input as _policy(object.union(_open("kms:*"), {"Condition": {"StringEquals": {"kms:ViaService": "ec2.eu-west-1.amazonaws.com"}}}))
	{found.path[6] | some found in rule.deny} == {"NotPrincipal"} with input as _policy({"Effect": "Allow", "Action": "kms:*", "NotPrincipal": {"AWS": "arn:aws:iam::1:root"}})
	_reported("aws_opensearch_domain", {"access_policies$json": {"Statement": [_open("es:*")]}}) == {"access_policies$json.Statement.0.Principal"}
}

test_other_grants if {
	_reported("aws_lambda_permission", {"principal": "*", "action": "lambda:InvokeFunction"}) == {"principal"}
	_reported("google_kms_crypto_key_iam_binding", {"role": "roles/cloudkms.cryptoKeyDecrypter", "members": ["user:ops@orders.example", "allUsers"]}) == {"members.1"}
	_reported("google_kms_crypto_key_iam_member", {"member": "allAuthenticatedUsers"}) == {"member"}
	_reported("aws_db_snapshot", {"shared_accounts": ["1", "all"]}) == {"shared_accounts.1"}
	_reported("google_iam_policy", {"binding": [{"role": "roles/viewer", "members": ["group:ops@orders.example"]}, {"role": "roles/viewer", "members": ["allUsers"]}]}) == {"binding.1.members.0"}
	_reported("google_bigquery_dataset", {"access": [{"user_by_email": "a@orders.example"}, {"special_group": "allAuthenticatedUsers"}]}) == {"access.1.special_group"}
	_reported("google_storage_bucket_acl", {"role_entity": ["READER:allUsers", "WRITER:allUsers"]}) == {"role_entity.1"}
	_reported("google_iam_policy", {"binding": {"members": ["allAuthenticatedUsers"]}}) == {"binding.members.0"}
	_reported("google_iam_policy", {"binding": [{"role": "roles/run.invoker", "members": ["allUsers"]}]}) == set()
}

test_silent if {
	every statement in [
		_open("s3:GetObject"),
		_open("sts:AssumeRole"),
		object.union(_open("kms:*"), {"Condition": {"StringEquals": {"kms:ViaService": "ec2.eu-west-1.amazonaws.com", "kms:CallerAccount": "1"}}}),
		object.union(_open("sqs:*"), {"Effect": "Deny"}),
		object.union(_open("sqs:*"), {"Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:1:orders"}}}),
		object.union(_open("sqs:*"), {"Condition": {"$unknown": ["var.condition"]}}),
		object.union(_open("sqs:*"), {"Principal": {"AWS": {"$unknown": ["var.accounts"]}}}),
		object.union(_open("sqs:*"), {"Principal": {"Service": "*"}}),
	] {
		rule.deny == set() with input as _policy(statement)
	}
	_reported("aws_vpc_endpoint", {"policy$json": {"Statement": [_open("*")]}}) == set()
	_reported("aws_opensearch_domain", {"vpc_options": [{}], "access_policies$json": {"Statement": [_open("es:*")]}}) == set()
	_reported("aws_lambda_permission", {"principal": "*", "principal_org_id": "o-orders"}) == set()
	_reported("google_cloud_run_service_iam_member", {"role": "roles/run.invoker", "member": "allUsers"}) == set()
	_reported("google_cloud_run_service_iam_member", {"role": {"$unknown": ["var.role"]}, "member": "allUsers"}) == set()
	_reported("google_project_iam_member", {"role": "roles/viewer", "member": {"$unknown": ["var.member"]}}) == set()
	_reported("aws_s3_bucket", {"acl": "public-read"}) == set()
}

test_targets if {
	statement := {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Principal": "*", "Resource": ["arn:aws:s3:::a", {"$unknown": ["var.b"], "$text": "arn:aws:s3:::${var.b}"}, {"$unknown": ["aws_s3_bucket.c.arn"]}]}
	{target | some found in rule.deny; some target in found.targets} == {"action s3:putobject", "resource arn:aws:s3:::a", "resource arn:aws:s3:::${var.b}", "resource aws_s3_bucket.c.arn"} with input as _policy(statement)
}
