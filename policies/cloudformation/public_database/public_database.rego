# METADATA
# title: Database can be reached from the internet
# description: >-
#   Its password is then all that keeps strangers out.
# custom:
#   severity: high
#   fix: Set PubliclyAccessible to false and connect through the private network.
#   cwe: [284]
package policyctl.cloudformation.public_database

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(database, path), {"message": message}) if {
	some type, path in _switches
	some database in cloudformation.resources[type]
	values.may_be_true(object.get(database.values, path, false))
	message := $"{database.id} can be reached from the internet"
}

_switches := {
	"AWS::AmazonMQ::Broker": ["PubliclyAccessible"],
	"AWS::DMS::ReplicationInstance": ["PubliclyAccessible"],
	"AWS::DocDB::DBInstance": ["PubliclyAccessible"],
	"AWS::Neptune::DBInstance": ["PubliclyAccessible"],
	"AWS::RDS::DBCluster": ["PubliclyAccessible"],
	"AWS::RDS::DBInstance": ["PubliclyAccessible"],
	"AWS::Redshift::Cluster": ["PubliclyAccessible"],
	"AWS::RedshiftServerless::Workgroup": ["PubliclyAccessible"],
}
