package policyctl.cloudformation.data_not_encrypted_test

import data.policyctl.cloudformation.data_not_encrypted as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_off if {
	_in("AWS::RDS::DBInstance", {"Engine": "postgres"}) == {"StorageEncrypted"}
	_in("AWS::EFS::FileSystem", {"Encrypted": false}) == {"Encrypted"}
	_in("AWS::OpenSearchService::Domain", {"EncryptionAtRestOptions": {"Enabled": "false"}}) == {"EncryptionAtRestOptions.Enabled"}
	_in("AWS::EKS::Cluster", {}) == {"EncryptionConfig"}
}

test_silent if {
	_in("AWS::RDS::DBInstance", {"StorageEncrypted": true}) == set()
	_in("AWS::RDS::DBInstance", {"StorageEncrypted": {"$unknown": ["Parameters.P"]}}) == set()
	_in("AWS::RDS::DBInstance", {"DBClusterIdentifier": {"$unknown": ["Resources.C"]}}) == set()
	_in("AWS::RDS::DBInstance", {"Engine": "aurora-mysql"}) == set()
	_in("AWS::OpenSearchService::Domain", {"EncryptionAtRestOptions": {"$unknown": ["Conditions.C"]}}) == set()
	_in("AWS::SNS::Topic", {}) == set()
}

test_queues_and_disks if {
	{found.path | some found in rule.deny} == {["resources", 0, "values", "BlockDeviceMappings", 1, "Ebs", "Encrypted"]} with input as _template("AWS::EC2::Instance", {"BlockDeviceMappings": [
		{"Ebs": {"Encrypted": true}}, {"Ebs": {"Encrypted": "false"}}, {"Ebs": {"VolumeSize": 8}}, {"NoDevice": {}},
	]})
	count(rule.deny) == 1 with input as _template("AWS::SQS::Queue", {"SqsManagedSseEnabled": false})
	every properties in [{}, {"SqsManagedSseEnabled": true}, {"SqsManagedSseEnabled": false, "KmsMasterKeyId": "alias/a"}, {"SqsManagedSseEnabled": {"$unknown": ["Parameters.S"]}}] {
		rule.deny == set() with input as _template("AWS::SQS::Queue", properties)
	}
}

test_words if {
	_in("AWS::CodeBuild::Project", {"Artifacts": {"EncryptionDisabled": true}}) == {"Artifacts.EncryptionDisabled"}
	_in("AWS::CodeBuild::Project", {"Artifacts": {"EncryptionDisabled": false}}) == set()
}
