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
		{"path": "rotation_rules.schedule_expression", "like": `^rate\((?:(?:9[1-9]|[1-9][0-9]{2,}) days|(?:2[2-9][0-9]{2}|[3-9][0-9]{3}|[0-9]{5,}) hours)\)$`},
		# in one, two or three months of the year
		{"path": "rotation_rules.schedule_expression", "like": `^cron\(\S+ \S+ \S+ (?:(?:[0-9]{1,2}|[a-z]{3})(?:,(?:[0-9]{1,2}|[a-z]{3})){0,2}|(?:\*|[0-9]{1,2})/(?:[4-9]|1[0-2])) `},
	},
	"azurerm_key_vault_key": {{"path": "rotation_policy.expire_after", "like": `^p(?:[2-9]y|[0-9]{2,}y|(?:1[3-9]|[2-9][0-9])m|(?:36[7-9]|3[7-9][0-9]|[4-9][0-9]{2}|[0-9]{4,})d)$`}},
	"azurerm_kubernetes_cluster": {{"path": "key_vault_secrets_provider.secret_rotation_enabled", "good": {"true"}, "absent": "inside"}},
	"google_kms_crypto_key": {{"path": "rotation_period", "above": 31622400}},
	"google_secret_manager_secret": {{"path": "rotation.rotation_period", "above": 7776000}},
	"vault_database_secret_backend_static_role": {{"path": "rotation_period", "above": 7776000}},
}
