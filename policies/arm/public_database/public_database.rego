# METADATA
# title: Database can be reached from the internet
# description: >-
#   Its password is then all that keeps strangers out.
# custom:
#   severity: high
#   fix: Let the addresses in that need it, or connect through the private network.
#   cwe: [284]
package policyctl.arm.public_database

import data.policyctl.lib.arm

deny contains object.union(arm.place(firewall, ["properties", name]), {"message": message}) if {
	some type in _rules
	some firewall in arm.resources[type]
	some from, name in {"startIpAddress": "endIpAddress", "startIP": "endIP"}
	firewall.values.properties[from] == "0.0.0.0"
	firewall.values.properties[name] == "255.255.255.255"
	message := $"{firewall.address} lets the internet reach the database"
}

_rules := {
	"microsoft.cache/redis/firewallrules",
	"microsoft.dbformariadb/servers/firewallrules",
	"microsoft.dbformysql/flexibleservers/firewallrules",
	"microsoft.dbformysql/servers/firewallrules",
	"microsoft.dbforpostgresql/flexibleservers/firewallrules",
	"microsoft.dbforpostgresql/servers/firewallrules",
	"microsoft.sql/servers/firewallrules",
}
