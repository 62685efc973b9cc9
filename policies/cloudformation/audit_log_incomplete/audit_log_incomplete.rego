# METADATA
# title: Who used a secret is not written down, or can be changed afterwards
# description: >-
#   Without a complete log that cannot be changed, nobody can say after a leak what
#   was read, by whom and when.
# custom:
#   severity: low
#   tier: audit
#   fix: Turn the log on, for all regions, with validation of its files.
#   cwe: [778]
package policyctl.cloudformation.audit_log_incomplete

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(trail, [property]), {"message": message}) if {
	some trail in cloudformation.resources["AWS::CloudTrail::Trail"]
	some property in ["EnableLogFileValidation", "IsLogging", "IsMultiRegionTrail"]
	_off(trail.values, property)
	message := $"the log of {trail.id} is not complete: {property} is not set"
}

_off(properties, property) if values.may_be_absent(properties, [property])

_off(properties, property) if values.may_be_false(properties[property])

deny contains object.union(cloudformation.place(broker, ["Logs", "Audit"]), {"message": $"{broker.id} writes no audit log"}) if {
	some broker in cloudformation.resources["AWS::AmazonMQ::Broker"]
	is_string(broker.values.EngineType)
	upper(broker.values.EngineType) == "ACTIVEMQ"
	not values.unknown(object.get(broker.values, "Logs", null))
	_off(object.get(broker.values, "Logs", {}), "Audit")
}

deny contains object.union(cloudformation.place(cluster, [property]), {"message": $"{cluster.id} writes no audit log"}) if {
	some type, property in {"AWS::DocDB::DBCluster": "EnableCloudwatchLogsExports", "AWS::Neptune::DBCluster": "EnableCloudwatchLogsExports"}
	some cluster in cloudformation.resources[type]
	exports := object.get(cluster.values, property, [])
	not values.unknown(exports)
	not "audit" in {member.value | some member in values.members(exports)}
}

deny contains object.union(cloudformation.place(cluster, ["Logging"]), {"message": message}) if {
	some cluster in cloudformation.resources["AWS::EKS::Cluster"]
	enabled := {member.value.Type | some member in values.members(object.get(cluster.values, ["Logging", "ClusterLogging", "EnabledTypes"], []))}
	not values.unknown(object.get(cluster.values, "Logging", null))
	not "audit" in enabled
	message := $"{cluster.id} writes no audit log"
}
