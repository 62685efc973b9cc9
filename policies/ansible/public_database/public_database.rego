# METADATA
# title: Database can be reached from the internet
# description: A password that leaked is enough then, from anywhere.
# custom:
#   severity: high
#   fix: Leave the argument out or set it to false, and reach the database by its network.
#   cwe: [284]
package policyctl.ansible.public_database

import data.policyctl.lib.ansible

deny contains object.union(fault, {"message": $"the internet can reach it: {fault.message}"}) if {
	some fault in ansible.faults(_table)
}

_table := {
	"dms_replication_instance": {"publicly_accessible": _on},
	"rds_cluster": {"publicly_accessible": _on},
	"rds_instance": {"publicly_accessible": _on},
	"redshift": {"publicly_accessible": _on},
}

_on := {"true", "yes", "on"}
