package policyctl.cloudformation.audit_log_incomplete_test

import data.policyctl.cloudformation.audit_log_incomplete as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_trails if {
	_in("AWS::CloudTrail::Trail", {"IsLogging": true, "EnableLogFileValidation": "false"}) == {"EnableLogFileValidation", "IsMultiRegionTrail"}
}

test_clusters if {
	_in("AWS::EKS::Cluster", {}) == {"Logging"}
	_in("AWS::EKS::Cluster", {"Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": "api"}]}}}) == {"Logging"}
}

test_silent if {
	_in("AWS::CloudTrail::Trail", {"IsLogging": true, "EnableLogFileValidation": true, "IsMultiRegionTrail": {"$unknown": ["Parameters.P"]}}) == set()
	_in("AWS::EKS::Cluster", {"Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": "api"}, {"Type": "audit"}]}}}) == set()
	_in("AWS::EKS::Cluster", {"Logging": {"$unknown": ["Conditions.C"]}}) == set()
}

test_brokers_and_databases if {
	_in("AWS::AmazonMQ::Broker", {"EngineType": "ACTIVEMQ", "Logs": {"Audit": false}}) == {"Logs.Audit"}
	_in("AWS::AmazonMQ::Broker", {"EngineType": "RABBITMQ"}) == set()
	_in("AWS::DocDB::DBCluster", {"EnableCloudwatchLogsExports": ["profiler"]}) == {"EnableCloudwatchLogsExports"}
	_in("AWS::DocDB::DBCluster", {"EnableCloudwatchLogsExports": ["audit"]}) == set()
}
