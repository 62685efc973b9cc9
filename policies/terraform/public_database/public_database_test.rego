package policyctl.terraform.public_database_test

import data.policyctl.terraform.public_database as rule

_resource(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

test_aws if {
	rule.deny == {{
		"path": ["resources", 0, "values", "publicly_accessible"],
		"subject": "aws_db_instance.x",
		"message": "aws_db_instance.x can be reached from the internet",
	}} with input as _resource("aws_db_instance", {"publicly_accessible": true})
	count(rule.deny) == 1 with input as _resource("aws_redshift_cluster", {"publicly_accessible": "true"})
}

_google(value) := _resource("google_sql_database_instance", {"settings": [{"ip_configuration": [{"authorized_networks": [{"name": "office", "value": "192.0.2.0/24"}, {"value": value}]}]}]})

test_google if {
	rule.deny == {{
		"path": ["resources", 0, "values", "settings", 0, "ip_configuration", 0, "authorized_networks", 1, "value"],
		"subject": "google_sql_database_instance.x",
		"message": "google_sql_database_instance.x can be reached from the internet",
	}} with input as _google("0.0.0.0/0")
}

test_azure if {
	rule.deny == {{
		"path": ["resources", 0, "values", "end_ip_address"],
		"subject": "azurerm_mssql_firewall_rule.x",
		"message": "azurerm_mssql_firewall_rule.x lets the internet reach the database",
	}} with input as _resource("azurerm_mssql_firewall_rule", {"start_ip_address": "0.0.0.0", "end_ip_address": "255.255.255.255"})
}

test_lists_of_addresses if {
	{found.path | some found in rule.deny} == {["resources", 0, "values", "security_ips", 1]} with input as _resource("alicloud_db_instance", {"security_ips": ["192.0.2.0/24", "0.0.0.0/0"]})
	rule.deny == set() with input as _resource("alicloud_db_instance", {"security_ips": ["127.0.0.1", {"$unknown": ["var.ip"]}]})
}

test_silent if {
	every value in [false, "false", {"$unknown": ["var.public"]}, null] {
		rule.deny == set() with input as _resource("aws_db_instance", {"publicly_accessible": value})
	}
	rule.deny == set() with input as _resource("aws_db_instance", {})
	rule.deny == set() with input as _google("192.0.2.1/32")
	rule.deny == set() with input as _google({"$unknown": []})
	rule.deny == set() with input as _resource("azurerm_mssql_firewall_rule", {"start_ip_address": "0.0.0.0", "end_ip_address": "0.0.0.0"})
}

test_in_one_case if {
	rule.deny == {{
		"path": ["resources", 0, "values", "publicly_accessible", "$candidates", 0],
		"subject": "aws_db_instance.x",
		"message": "aws_db_instance.x may be reached from the internet",
	}} with input as _resource("aws_db_instance", {"publicly_accessible": {"$unknown": ["var.x"], "$candidates": [true, false]}})
}
