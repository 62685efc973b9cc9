# METADATA
# title: Database can be reached from the internet
# description: Only the password stands between the internet and the data; one that leaks is enough.
# custom:
#   severity: high
#   fix: Set publicly_accessible to false, or allow only the addresses of your own network.
#   cwe: [668]
package policyctl.terraform.public_database

import data.policyctl.lib.terraform

deny contains object.union(terraform.place(database, array.concat([argument], one.path)), {"message": message}) if {
	some database in terraform.managed
	some argument in _public[database.type]
	some one in terraform.cases(database.values[argument])
	terraform.is_true(one.value)
	message := $"{database.address} {_can(one.path)} be reached from the internet"
}

_can(path) := "may" if {
	terraform.chosen(path)
} else := "can"

_public := {
	"azurerm_mssql_managed_instance": {"public_data_endpoint_enabled"},
	"aws_db_instance": {"publicly_accessible"},
	"aws_dms_replication_instance": {"publicly_accessible"},
	"aws_docdb_cluster_instance": {"publicly_accessible"},
	"aws_mq_broker": {"publicly_accessible"},
	"aws_neptune_cluster_instance": {"publicly_accessible"},
	"aws_rds_cluster_instance": {"publicly_accessible"},
	"aws_redshift_cluster": {"publicly_accessible"},
	"aws_redshiftserverless_workgroup": {"publicly_accessible"},
}

deny contains object.union(terraform.place(database, network.path), {"message": message}) if {
	some database in terraform.resources.google_sql_database_instance
	some network in _networks(database.values)
	network.value in {"0.0.0.0/0", "::/0"}
	message := $"{database.address} can be reached from the internet"
}

_networks(values) := [{"path": array.concat(path, ["value"]), "value": block.value} |
	walk(values, [path, block])
	path[count(path) - 2] == "authorized_networks"
]

deny contains object.union(terraform.place(database, setting.path), {"message": message}) if {
	some type, path in _whitelists
	some database in terraform.resources[type]
	some setting in terraform.settings(database.values, path)
	setting.value in {"0.0.0.0", "0.0.0.0/0", "::/0"}
	message := $"{database.address} can be reached from the internet"
}

_whitelists := {
	"alicloud_db_instance": ["security_ips"],
	"alicloud_db_readonly_instance": ["security_ips"],
	"alicloud_kvstore_instance": ["security_ips"],
	"alicloud_mongodb_instance": ["security_ip_list"],
	"alicloud_polardb_cluster": ["security_ips"],
}

deny contains object.union(terraform.place(firewall, ["end_ip_address"]), {"message": message}) if {
	some firewall in terraform.managed
	regex.match(`^azurerm_(?:mssql|mysql|mariadb|postgresql|sql|redis|synapse)(?:_flexible_server|_managed_instance)?_firewall_rule$`, firewall.type)
	firewall.values.start_ip_address == "0.0.0.0"
	firewall.values.end_ip_address == "255.255.255.255"
	message := $"{firewall.address} lets the internet reach the database"
}
