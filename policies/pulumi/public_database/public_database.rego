# METADATA
# title: Database can be reached from the internet
# description: A password that leaked is enough then, from anywhere.
# custom:
#   severity: high
#   fix: Leave the switch out or set it to false, and reach the database by its network.
#   cwe: [284]
package policyctl.pulumi.public_database

import data.policyctl.lib.pulumi

deny contains object.union(fault, {"message": $"the internet can reach it: {fault.message}"}) if {
	some fault in pulumi.faults(_table)
}

_public := {{"path": ["publiclyAccessible"], "bad": "true"}}

_table := {
	"aws:dms:ReplicationInstance": _public,
	"aws:mq:Broker": _public,
	"aws:neptune:ClusterInstance": _public,
	"aws:rds:ClusterInstance": _public,
	"aws:rds:Instance": _public,
	"aws:redshift:Cluster": _public,
	"aws:redshiftserverless:Workgroup": _public,
	"azure-native:sql:ManagedInstance": {{"path": ["publicDataEndpointEnabled"], "bad": "true"}},
}
