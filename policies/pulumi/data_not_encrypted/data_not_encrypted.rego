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
package policyctl.pulumi.data_not_encrypted

import data.policyctl.lib.pulumi

deny contains object.union(fault, {"message": $"data is not encrypted at rest: {fault.message}"}) if {
	some fault in pulumi.faults(_table)
}

# What a snapshot or another database was encrypted with, the copy is as well.
_switch(name) := {{"path": [name], "bad": "false", "absent": true, "unless": ["globalClusterIdentifier", "replicateSourceDb", "replicationSourceIdentifier", "snapshotId", "snapshotIdentifier"]}}

_table := {
	"aws:docdb:Cluster": _switch("storageEncrypted"),
	"aws:ebs:Volume": _switch("encrypted"),
	"aws:ec2:Instance": {{"path": ["rootBlockDevice", "encrypted"], "bad": "false"}},
	"aws:efs:FileSystem": _switch("encrypted"),
	"aws:elasticache:ReplicationGroup": {{"path": ["atRestEncryptionEnabled"], "bad": "false"}},
	"aws:neptune:Cluster": _switch("storageEncrypted"),
	"aws:opensearch:Domain": {{"path": ["encryptAtRest", "enabled"], "bad": "false"}},
	"aws:rds:Cluster": _switch("storageEncrypted"),
	"aws:rds:Instance": _switch("storageEncrypted"),
	"aws:redshift:Cluster": {{"path": ["encrypted"], "bad": "false"}},
	"aws:sqs:Queue": {{"path": ["sqsManagedSseEnabled"], "bad": "false"}},
}
