package policyctl.terraform.data_not_encrypted_test

import data.policyctl.terraform.data_not_encrypted as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_not_set if {
	rule.deny == {{
		"path": ["resources", 0, "values", "storage_encrypted"],
		"subject": "aws_db_instance.x",
		"message": "data is not encrypted at rest: storage_encrypted of aws_db_instance.x is not set",
	}} with input as _module("aws_db_instance", {"engine": "postgres"})
}

test_switched_off if {
	_reported("aws_rds_cluster", {"storage_encrypted": "false"}) == {"storage_encrypted"}
	_reported("aws_opensearch_domain", {"encrypt_at_rest": [{"enabled": false}]}) == {"encrypt_at_rest.0.enabled"}
	_reported("aws_instance", {"ebs_block_device": [{"encrypted": true}, {"encrypted": false}]}) == {"ebs_block_device.1.encrypted"}
	_reported("aws_kinesis_stream", {"encryption_type": "NONE"}) == {"encryption_type"}
}

test_streams_and_sessions if {
	_reported("aws_kinesis_firehose_delivery_stream", {}) == {"server_side_encryption.enabled"}
	_reported("aws_kinesis_firehose_delivery_stream", {"kinesis_source_configuration": [{"kinesis_stream_arn": {"$unknown": ["aws_kinesis_stream.x.arn"]}}]}) == set()
	_reported("aws_ssm_document", {"content$json": {"inputs": {"s3BucketName": "logs", "s3EncryptionEnabled": false}}}) == {"content$json.inputs.s3EncryptionEnabled"}
	_reported("aws_ssm_document", {"content$json": {"inputs": {"s3BucketName": "", "cloudWatchLogGroupName": "logs", "cloudWatchEncryptionEnabled": true}}}) == set()
}

test_silent if {
	_reported("aws_db_instance", {"storage_encrypted": true}) == set()
	_reported("aws_db_instance", {"storage_encrypted": {"$unknown": ["var.encrypted"], "$type": "bool"}}) == set()
	_reported("aws_db_instance", {"replicate_source_db": "orders"}) == set()
	_reported("aws_db_instance", {"snapshot_identifier": {"$unknown": ["var.snapshot"]}}) == set()
	_reported("aws_rds_cluster", {"engine_mode": "serverless"}) == set()
	_reported("aws_instance", {"ami": "x"}) == set()
	_reported("aws_s3_bucket", {}) == set()
}

test_what_the_account_encrypts if {
	volume := {"address": "aws_ebs_volume.x", "type": "aws_ebs_volume", "name": "x", "mode": "managed", "values": {"size": 1}}
	setting := {"address": "aws_ebs_encryption_by_default.x", "type": "aws_ebs_encryption_by_default", "name": "x", "mode": "managed", "values": {}}
	count(rule.deny) == 1 with input as {"resources": [volume]}
	count(rule.deny) == 0 with input as {"resources": [volume, setting]}
	count(rule.deny) == 2 with input as {"resources": [volume, object.union(setting, {"values": {"enabled": false}})]}
	count(rule.deny) == 1 with input as {"resources": [object.union(volume, {"values": {"encrypted": false}}), setting]}
}

test_a_configuration_of_emr if {
	every enabled, found in {false: 1, true: 0} {
		count(rule.deny) == found with input as {"resources": [{"address": "aws_emr_security_configuration.x", "type": "aws_emr_security_configuration", "name": "x", "mode": "managed", "values": {"configuration$json": {"EncryptionConfiguration": {"EnableAtRestEncryption": enabled}}}}]}
	}
}
