# METADATA
# title: Secret lands in the state although it need not
# description: >-
#   The resource has a write-only argument for the same value (Terraform 1.11,
#   OpenTofu 1.11), which plan and state never hold.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only
# custom:
#   severity: low
#   tier: audit
#   fix: Use the argument that ends in _wo with its _wo_version, fed by an ephemeral resource or variable.
#   cwe: [312]
package policyctl.terraform.write_only_argument_available

import data.policyctl.lib.terraform

deny contains object.union(terraform.place(resource, [argument]), {"message": message}) if {
	some type, argument in _table
	some resource in terraform.resources[type]
	object.get(resource.values, argument, "") != ""
	not _for_all(resource)
	message := $"{argument} of {resource.address} is kept in the state: {argument}_wo is not"
}

# What is no secret may be kept.
_for_all(resource) if {
	resource.type == "aws_ssm_parameter"
	resource.values.type in {"String", "StringList"}
}

_table := {
	"aws_db_instance": "password",
	"aws_docdb_cluster": "master_password",
	"aws_rds_cluster": "master_password",
	"aws_redshift_cluster": "master_password",
	"aws_secretsmanager_secret_version": "secret_string",
	"aws_ssm_parameter": "value",
	"azurerm_key_vault_secret": "value",
	"azurerm_mssql_server": "administrator_login_password",
	"azurerm_mysql_flexible_server": "administrator_password",
	"azurerm_postgresql_flexible_server": "administrator_password",
	"google_secret_manager_secret_version": "secret_data",
	"google_sql_user": "password",
	"kubernetes_secret_v1": "data",
	"vault_kv_secret_v2": "data_json",
}
