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
package policyctl.ansible.data_not_encrypted

import data.policyctl.lib.ansible

deny contains object.union(fault, {"message": $"data is not encrypted at rest: {fault.message}"}) if {
	some fault in ansible.faults(_table)
}

# A switch that is not set may be set by another task.
_table := {
	"ec2_vol": {"encrypted": _off},
	"efs": {"encrypt": _off},
	"kinesis_stream": {"encryption_state": {"disabled"}},
	"rds_cluster": {"storage_encrypted": _off},
	"rds_instance": {"storage_encrypted": _off},
	"redshift": {"encrypted": _off},
	"s3_bucket": {"encryption": {"none"}},
}

_off := {"false", "no", "off"}
