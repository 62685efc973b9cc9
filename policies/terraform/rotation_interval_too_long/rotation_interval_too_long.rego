# METADATA
# title: Secret or key is rotated too rarely
# description: What leaked stays valid until the next rotation.
# custom:
#   severity: low
#   tier: strict
#   fix: Rotate secrets at least every 90 days, and keys every year.
#   tags: [rotation]
#   cwe: [324]
package policyctl.terraform.rotation_interval_too_long

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"rotation is too rare: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

_table := {
	"aws_kms_key": {{"path": "rotation_period_in_days", "above": 366}},
	"aws_secretsmanager_secret_rotation": {
		{"path": "rotation_rules.automatically_after_days", "above": 90},
		{"path": "rotation_rules.schedule_expression", "like": `^rate\((?:9[1-9]|[1-9][0-9]{2,}) days\)$`},
	},
	"azurerm_key_vault_key": {{"path": "rotation_policy.expire_after", "like": `^p(?:[2-9]y|[0-9]{2,}y|(?:1[3-9]|[2-9][0-9])m|(?:36[7-9]|3[7-9][0-9]|[4-9][0-9]{2}|[0-9]{4,})d)$`}},
	"google_kms_crypto_key": {{"path": "rotation_period", "above": 31622400}},
	"google_secret_manager_secret": {{"path": "rotation.rotation_period", "above": 7776000}},
	"vault_database_secret_backend_static_role": {{"path": "rotation_period", "above": 7776000}},
}
