# METADATA
# title: Database takes passwords only
# description: >-
#   With IAM authentication, workloads log in with a token that lives for 15 minutes
#   in place of a password.
# custom:
#   severity: low
#   tier: audit
#   fix: Set EnableIAMDatabaseAuthentication (IamAuthEnabled) to true.
#   cwe: [308]
package policyctl.cloudformation.database_without_iam_auth

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(database, [property]), {"message": message}) if {
	some type, property in _switches
	some database in cloudformation.resources[type]
	not _cannot(database)
	_off(database.values, property)
	message := $"{database.id} takes passwords only"
}

_off(properties, property) if values.may_be_absent(properties, [property])

_off(properties, property) if values.may_be_false(properties[property])

_cannot(database) if database.values.DBClusterIdentifier

_cannot(database) if {
	is_string(database.values.Engine)
	regex.match(`^(?:oracle|sqlserver|db2|custom)|^aurora`, database.values.Engine)
	database.type == "AWS::RDS::DBInstance"
}

_switches := {
	"AWS::Neptune::DBCluster": "IamAuthEnabled",
	"AWS::RDS::DBCluster": "EnableIAMDatabaseAuthentication",
	"AWS::RDS::DBInstance": "EnableIAMDatabaseAuthentication",
}
