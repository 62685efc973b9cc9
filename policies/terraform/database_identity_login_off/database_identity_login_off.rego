# METADATA
# title: Database takes passwords only
# description: >-
#   With logins by the platform's identity there is no password to keep, to leak and to
#   rotate: tokens end after minutes.
# custom:
#   severity: low
#   tier: audit
#   fix: Switch on logins by identity (IAM, Entra ID), and use them in place of the password.
#   tags: [short-lived]
#   cwe: [287]
package policyctl.terraform.database_identity_login_off

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"nobody logs in by identity: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

_iam(engines) := {{"path": "iam_database_authentication_enabled", "good": {"true"}, "absent": "anywhere", "when": {"engine": engines}}}

_table := {
	"aws_db_instance": _iam({"mariadb", "mysql", "postgres"}),
	"aws_neptune_cluster": {{"path": "iam_database_authentication_enabled", "good": {"true"}, "absent": "anywhere"}},
	"aws_rds_cluster": _iam({"", "aurora", "aurora-mysql", "aurora-postgresql"}),
	"azurerm_mssql_server": {{"path": "azuread_administrator.login_username", "absent": "anywhere"}},
	"azurerm_postgresql_flexible_server": {{"path": "authentication.active_directory_auth_enabled", "good": {"true"}, "absent": "anywhere"}},
}
