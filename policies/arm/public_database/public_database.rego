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
import data.policyctl.lib.values

deny contains object.union(arm.place(firewall, ["properties", name]), {"message": message}) if {
	some type in _rules
	some firewall in arm.resources[type]
	some from, name in {"startIpAddress": "endIpAddress", "startIP": "endIP"}
	firewall.values.properties[from] == "0.0.0.0"
	firewall.values.properties[name] == "255.255.255.255"
	message := $"{firewall.address} lets the internet reach the database"
}

deny contains object.union(arm.place(instance, ["properties", "publicDataEndpointEnabled"]), {"message": $"{instance.address} can be reached from the internet"}) if {
	some instance in arm.resources["microsoft.sql/managedinstances"]
	values.may_be_true(object.get(instance.values, ["properties", "publicDataEndpointEnabled"], false))
}

_rules := {
	"microsoft.cache/redis/firewallrules",
	"microsoft.dbformariadb/servers/firewallrules",
	"microsoft.dbformysql/flexibleservers/firewallrules",
	"microsoft.dbformysql/servers/firewallrules",
	"microsoft.dbforpostgresql/flexibleservers/firewallrules",
	"microsoft.dbforpostgresql/servers/firewallrules",
	"microsoft.sql/servers/firewallrules",
	"microsoft.synapse/workspaces/firewallrules",
}
