# METADATA
# title: Deleted key or secret is gone soon
# description: >-
#   Who deletes it, by mistake or to do harm, destroys what it encrypts. The longer it
#   can be brought back, the sooner somebody notices in time.
# custom:
#   severity: low
#   tier: audit
#   fix: Leave at least 14 days (30 is the default of AWS), and set version_destroy_ttl for secrets of Google.
#   cwe: [693]
package policyctl.terraform.key_deletion_window_short

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"what is deleted is gone soon: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

_table := {
	"aws_kms_key": {{"path": "deletion_window_in_days", "below": 14}},
	"aws_kms_external_key": {{"path": "deletion_window_in_days", "below": 14}},
	"azurerm_key_vault": {{"path": "soft_delete_retention_days", "below": 14}, {"path": "soft_delete_enabled", "bad": {"false"}}},
	"google_kms_crypto_key": {{"path": "destroy_scheduled_duration", "below": 1209600}},
	"google_secret_manager_secret": {{"path": "version_destroy_ttl", "absent": "anywhere"}},
}
