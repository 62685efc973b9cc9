# METADATA
# title: Secrets or logs are encrypted with the platform's key, not with one of your own
# description: >-
#   With the platform's key every reader of the store may decrypt. A key of your own
#   has a policy, a log of its uses and a switch.
# custom:
#   severity: low
#   tier: audit
#   fix: Name a key of your own (kms_key_id, customer_managed_encryption, encryption_config).
#   cwe: [311]
package policyctl.terraform.store_without_own_key

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"no key of your own guards the data: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

# Only what a function is told is kept.
deny contains object.union(terraform.place(function, ["kms_key_arn"]), {"message": $"no key of your own guards the data: kms_key_arn of {function.address} is not set"}) if {
	some function in terraform.resources.aws_lambda_function
	terraform.absent(function.values, "kms_key_arn")
	some block in terraform.blocks(function.values, "environment")
	some _ in object.get(block, "variables", {})
}

_key(path) := {{"path": path, "like": "(?:^|:)alias/aws/", "absent": "anywhere"}}

_table := {
	"aws_backup_vault": _key("kms_key_arn"),
	"aws_cloudtrail": _key("kms_key_id"),
	"aws_cloudtrail_event_data_store": _key("kms_key_id"),
	"aws_cloudwatch_log_group": _key("kms_key_id"),
	"aws_dynamodb_table": _key("server_side_encryption.kms_key_arn"),
	"aws_ecr_repository": _key("encryption_configuration.kms_key"),
	"aws_eks_cluster": _key("encryption_config.provider.key_arn"),
	"aws_fsx_lustre_file_system": _key("kms_key_id"),
	"aws_fsx_ontap_file_system": _key("kms_key_id"),
	"aws_fsx_openzfs_file_system": _key("kms_key_id"),
	"aws_fsx_windows_file_system": _key("kms_key_id"),
	"aws_mq_broker": {{"path": "encryption_options.use_aws_owned_key", "good": {"false"}, "absent": "anywhere"}},
	"aws_sagemaker_domain": _key("kms_key_id"),
	"aws_sagemaker_endpoint_configuration": _key("kms_key_arn"),
	"aws_sagemaker_notebook_instance": _key("kms_key_id"),
	"aws_secretsmanager_secret": _key("kms_key_id"),
	"aws_sns_topic": _key("kms_master_key_id"),
	"aws_ssm_parameter": {{"path": "key_id", "like": "(?:^|:)alias/aws/", "absent": "anywhere", "when": {"type": {"securestring"}}}},
	"azurerm_kubernetes_cluster": _key("key_management_service.key_vault_key_id"),
	"google_container_cluster": _key("database_encryption.key_name"),
	"google_secret_manager_regional_secret": _key("customer_managed_encryption.kms_key_name"),
	"google_secret_manager_secret": {
		{"path": "replication.auto.customer_managed_encryption", "absent": "inside"},
		{"path": "replication.user_managed.replicas.customer_managed_encryption", "absent": "inside"},
	},
	"mongodbatlas_advanced_cluster": {{"path": "encryption_at_rest_provider", "bad": {"none"}, "absent": "anywhere"}},
	"yandex_kubernetes_cluster": _key("kms_provider.key_id"),
}
