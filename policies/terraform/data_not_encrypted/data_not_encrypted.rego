# METADATA
# title: Data store keeps its data without encryption
# description: >-
#   What is on its disks, in its snapshots and its copies can be read by whoever
#   gets hold of them, the secrets in the data included.
# custom:
#   severity: medium
#   tier: strict
#   fix: Switch encryption at rest on, best with a key of your own. Most services can do so only when the store is made.
#   cwe: [311]
package policyctl.terraform.data_not_encrypted

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"data is not encrypted at rest: {fault.message}"} if {
	some fault in terraform.faults(_table)
	not _by_default(fault)
}

# What an account encrypts by itself need not say so.
_by_default(fault) if {
	regex.match(`^(?:[^ ]*\.)?aws_(?:ebs_volume|ebs_snapshot_copy|ami_copy)\.`, fault.subject)
	fault.value == ""
	some setting in terraform.resources.aws_ebs_encryption_by_default
	not terraform.is_false(object.get(setting.values, "enabled", true))
}

deny contains object.union(terraform.place(settings, array.concat(["configuration$json"], path)), {"message": message}) if {
	some settings in terraform.resources.aws_emr_security_configuration
	walk(settings.values["configuration$json"], [path, false])
	path[count(path) - 1] == "EnableAtRestEncryption"
	message := $"data is not encrypted at rest: EnableAtRestEncryption of {settings.address} is false"
}

# What is typed and shown in a session is kept.
deny contains object.union(terraform.place(document, ["content$json", "inputs", kept.switch]), {"message": message}) if {
	some document in terraform.resources.aws_ssm_document
	inputs := document.values["content$json"].inputs
	some kept in [{"where": "s3BucketName", "switch": "s3EncryptionEnabled"}, {"where": "cloudWatchLogGroupName", "switch": "cloudWatchEncryptionEnabled"}]
	object.get(inputs, kept.where, "") != ""
	terraform.is_false(object.get(inputs, kept.switch, false))
	message := $"data is not encrypted at rest: {kept.switch} of {document.address} is not set"
}

# What a snapshot or another database was encrypted with, the copy is as well.
_first_hand := {"replicate_source_db": {""}, "replication_source_identifier": {""}, "snapshot_identifier": {""}, "global_cluster_identifier": {""}}

_table := {
	"alicloud_disk": {{"path": "encrypted", "good": {"true"}, "absent": "anywhere"}},
	"aws_ami": {{"path": "ebs_block_device.encrypted", "bad": {"false"}}},
	"aws_ami_copy": {{"path": "encrypted", "good": {"true"}, "absent": "anywhere"}},
	"aws_api_gateway_method_settings": {{"path": "settings.cache_data_encrypted", "good": {"true"}, "absent": "inside", "when": {"settings.caching_enabled": {"true"}}}},
	"aws_appsync_api_cache": {{"path": "at_rest_encryption_enabled", "good": {"true"}, "absent": "anywhere"}},
	"aws_codebuild_project": {{"path": "artifacts.encryption_disabled", "bad": {"true"}}, {"path": "secondary_artifacts.encryption_disabled", "bad": {"true"}}},
	"aws_dax_cluster": {{"path": "server_side_encryption.enabled", "good": {"true"}, "absent": "anywhere"}},
	"aws_db_instance": {{"path": "storage_encrypted", "good": {"true"}, "absent": "anywhere", "when": _first_hand}},
	"aws_docdb_cluster": {{"path": "storage_encrypted", "good": {"true"}, "absent": "anywhere", "when": _first_hand}},
	"aws_ebs_encryption_by_default": {{"path": "enabled", "bad": {"false"}}},
	"aws_ebs_snapshot_copy": {{"path": "encrypted", "good": {"true"}, "absent": "anywhere"}},
	"aws_ebs_volume": {{"path": "encrypted", "good": {"true"}, "absent": "anywhere", "when": _first_hand}},
	"aws_efs_file_system": {{"path": "encrypted", "good": {"true"}, "absent": "anywhere"}},
	"aws_elasticache_replication_group": {{"path": "at_rest_encryption_enabled", "good": {"true"}, "absent": "anywhere", "when": {"engine": {"", "redis"}, "global_replication_group_id": {""}}}},
	"aws_elasticsearch_domain": _search,
	"aws_glue_data_catalog_encryption_settings": {
		{"path": "data_catalog_encryption_settings.connection_password_encryption.return_connection_password_encrypted", "bad": {"false"}},
		{"path": "data_catalog_encryption_settings.encryption_at_rest.catalog_encryption_mode", "bad": {"disabled"}},
	},
	"aws_glue_security_configuration": {{"path": $"encryption_configuration.{what}_encryption.{what}_encryption_mode", "bad": {"disabled"}} | some what in ["cloudwatch", "job_bookmarks", "s3"]},
	"aws_instance": {{"path": "root_block_device.encrypted", "bad": {"false"}}, {"path": "ebs_block_device.encrypted", "bad": {"false"}}},
	# What comes from another stream is encrypted there.
	"aws_kinesis_firehose_delivery_stream": {{
		"path": "server_side_encryption.enabled", "good": {"true"}, "absent": "anywhere",
		"when": {"kinesis_source_configuration.kinesis_stream_arn": {""}, "msk_source_configuration.msk_cluster_arn": {""}},
	}},
	"aws_kinesis_stream": {{"path": "encryption_type", "good": {"kms"}, "absent": "anywhere"}},
	"aws_launch_configuration": {{"path": "root_block_device.encrypted", "bad": {"false"}}, {"path": "ebs_block_device.encrypted", "bad": {"false"}}},
	"aws_launch_template": {{"path": "block_device_mappings.ebs.encrypted", "bad": {"false"}}},
	"aws_neptune_cluster": {{"path": "storage_encrypted", "good": {"true"}, "absent": "anywhere", "when": _first_hand}},
	"aws_opensearch_domain": _search,
	"aws_rds_cluster": {{"path": "storage_encrypted", "good": {"true"}, "absent": "anywhere", "when": object.union(_first_hand, {"engine_mode": {"", "provisioned"}})}},
	"aws_rds_global_cluster": {{"path": "storage_encrypted", "good": {"true"}, "absent": "anywhere", "when": {"source_db_cluster_identifier": {""}}}},
	"aws_redshift_cluster": {{"path": "encrypted", "bad": {"false"}}},
	"aws_sqs_queue": {{"path": "sqs_managed_sse_enabled", "bad": {"false"}, "when": {"kms_master_key_id": {""}}}},
	"aws_workspaces_workspace": {{"path": "root_volume_encryption_enabled", "good": {"true"}, "absent": "anywhere"}, {"path": "user_volume_encryption_enabled", "good": {"true"}, "absent": "anywhere"}},
	"azurerm_data_lake_store": {{"path": "encryption_state", "bad": {"disabled"}}},
	"azurerm_kusto_cluster": {{"path": "disk_encryption_enabled", "good": {"true"}, "absent": "anywhere"}},
	"azurerm_linux_virtual_machine": _host,
	"azurerm_linux_virtual_machine_scale_set": _host,
	"azurerm_managed_disk": {{"path": "encryption_settings.enabled", "bad": {"false"}}},
	"azurerm_mssql_database": {{"path": "transparent_data_encryption_enabled", "bad": {"false"}}},
	"azurerm_windows_virtual_machine": _host,
	"azurerm_windows_virtual_machine_scale_set": _host,
	"linode_instance": {{"path": "disk_encryption", "bad": {"disabled"}}},
	"ncloud_launch_configuration": {{"path": "is_encrypted_volume", "bad": {"false"}}},
	"ncloud_server": {{"path": "is_encrypted_base_block_storage_volume", "bad": {"false"}}},
	"scaleway_rdb_instance": {{"path": "encryption_at_rest", "good": {"true"}, "absent": "anywhere"}},
	"tencentcloud_cbs_storage": {{"path": "encrypt", "good": {"true"}, "absent": "anywhere", "when": {"snapshot_id": {""}}}},
}

_host := {{"path": "encryption_at_host_enabled", "bad": {"false"}}}

_search := {{"path": "encrypt_at_rest.enabled", "good": {"true"}, "absent": "anywhere"}}
