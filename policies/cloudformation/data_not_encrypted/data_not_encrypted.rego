# METADATA
# title: Data is stored without encryption
# description: >-
#   Whoever gets at a disk, a snapshot or a backup reads what is on it, credentials
#   among it.
# custom:
#   severity: medium
#   tier: strict
#   fix: Turn encryption at rest on, best with a key of your own.
#   cwe: [311]
package policyctl.cloudformation.data_not_encrypted

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(resource, path), {"message": message}) if {
	some type, paths in _switches
	some path in paths
	some resource in cloudformation.resources[type]
	not _member(resource)
	_off(resource.values, path)
	message := $"{resource.id} is not encrypted at rest"
}

_off(properties, path) if values.may_be_absent(properties, path)

_off(properties, path) if values.may_be_false(object.get(properties, path, null))

# Settings that say so wherever they stand.
deny contains object.union(cloudformation.place(resource, path), {"message": message}) if {
	some type, settings in _words
	some resource in cloudformation.resources[type]
	walk(resource.values, [path, value])
	name := values.name(path, "")
	lower(sprintf("%v", [value])) == settings[name]
	message := $"{resource.id} is not encrypted at rest: {name} is {value}"
}

_words := {
	"AWS::CodeBuild::Project": {"EncryptionDisabled": "true"},
	"AWS::Glue::DataCatalogEncryptionSettings": {"CatalogEncryptionMode": "disabled", "ReturnConnectionPasswordEncrypted": "false"},
	"AWS::Glue::SecurityConfiguration": {"CloudWatchEncryptionMode": "disabled", "JobBookmarksEncryptionMode": "disabled", "S3EncryptionMode": "disabled"},
}

# A queue is encrypted unless it says otherwise.
deny contains object.union(cloudformation.place(queue, ["SqsManagedSseEnabled"]), {"message": message}) if {
	some queue in cloudformation.resources["AWS::SQS::Queue"]
	values.is_false(object.get(queue.values, "SqsManagedSseEnabled", true))
	values.absent(queue.values, ["KmsMasterKeyId"])
	message := $"{queue.id} is not encrypted at rest"
}

# Disks of machines are as the account has it by default, unless they say otherwise.
deny contains object.union(cloudformation.place(machine, path), {"message": message}) if {
	some type in ["AWS::AutoScaling::LaunchConfiguration", "AWS::EC2::Instance", "AWS::EC2::LaunchTemplate"]
	some machine in cloudformation.resources[type]
	walk(machine.values, [path, encrypted])
	path[count(path) - 2] == "Ebs"
	path[count(path) - 1] == "Encrypted"
	values.may_be_false(encrypted)
	message := $"a disk of {machine.id} is not encrypted at rest"
}

# An instance of a cluster, and what is restored from a snapshot, have the
# encryption of that.
_member(resource) if {
	some property in ["DBClusterIdentifier", "DBSnapshotIdentifier", "SourceDBInstanceIdentifier", "SnapshotIdentifier", "SnapshotId", "SourceDBClusterIdentifier", "GlobalClusterIdentifier"]
	resource.values[property]
}

_member(resource) if {
	resource.type == "AWS::RDS::DBInstance"
	is_string(resource.values.Engine)
	startswith(resource.values.Engine, "aurora")
}

_switches := {
	"AWS::AppSync::ApiCache": {["AtRestEncryptionEnabled"]},
	"AWS::DAX::Cluster": {["SSESpecification", "SSEEnabled"]},
	"AWS::DocDB::DBCluster": {["StorageEncrypted"]},
	"AWS::EC2::Volume": {["Encrypted"]},
	"AWS::EFS::FileSystem": {["Encrypted"]},
	"AWS::EKS::Cluster": {["EncryptionConfig"]},
	"AWS::ElastiCache::ReplicationGroup": {["AtRestEncryptionEnabled"]},
	"AWS::Elasticsearch::Domain": {["EncryptionAtRestOptions", "Enabled"]},
	"AWS::Kinesis::Stream": {["StreamEncryption"]},
	"AWS::Neptune::DBCluster": {["StorageEncrypted"]},
	"AWS::OpenSearchService::Domain": {["EncryptionAtRestOptions", "Enabled"]},
	"AWS::RDS::DBCluster": {["StorageEncrypted"]},
	"AWS::RDS::DBInstance": {["StorageEncrypted"]},
	"AWS::Redshift::Cluster": {["Encrypted"]},
	"AWS::WorkSpaces::Workspace": {["RootVolumeEncryptionEnabled"], ["UserVolumeEncryptionEnabled"]},
}
