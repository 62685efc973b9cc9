# METADATA
# title: Password of a database is kept by hand
# description: >-
#   The service can make the password, keep it in its secret store and rotate it;
#   Terraform and its state never see it then.
# custom:
#   severity: low
#   tier: audit
#   fix: Set manage_master_user_password = true in place of the password.
#   tags: [rotation]
#   cwe: [312]
package policyctl.terraform.managed_password_available

import data.policyctl.lib.terraform

deny contains object.union(terraform.place(database, [argument]), {"message": message}) if {
	some type, argument in _table
	some database in terraform.resources[type]
	object.get(database.values, argument, "") != ""
	message := $"{argument} of {database.address} is set by hand: the service could make and rotate it"
}

_table := {
	"aws_db_instance": "password",
	"aws_docdb_cluster": "master_password",
	"aws_rds_cluster": "master_password",
	"aws_redshift_cluster": "master_password",
	"aws_redshiftserverless_namespace": "admin_user_password",
}
