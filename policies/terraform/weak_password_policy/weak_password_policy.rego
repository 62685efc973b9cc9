# METADATA
# title: Passwords of accounts may be short, or old ones used again
# description: A password that can be guessed, or that leaked somewhere before, opens the account.
# custom:
#   severity: low
#   tier: strict
#   fix: Ask for 14 characters or more, and remember the last 24 passwords; best let people log in by your identity provider.
#   cwe: [521]
package policyctl.terraform.weak_password_policy

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"passwords may be weak: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

_table := {
	"alicloud_ram_account_password_policy": {{"path": "minimum_password_length", "below": 14}, {"path": "password_reuse_prevention", "below": 5, "absent": "anywhere"}},
	"aws_cognito_user_pool": {{"path": "password_policy.minimum_length", "below": 8}},
	"aws_iam_account_password_policy": {
		{"path": "minimum_password_length", "below": 14, "absent": "anywhere"},
		{"path": "password_reuse_prevention", "below": 24, "absent": "anywhere"},
		{"path": "allow_users_to_change_password", "bad": {"false"}},
		{"path": "require_lowercase_characters", "bad": {"false"}},
		{"path": "require_numbers", "bad": {"false"}},
		{"path": "require_symbols", "bad": {"false"}},
		{"path": "require_uppercase_characters", "bad": {"false"}},
	},
	"oci_identity_authentication_policy": {{"path": "password_policy.minimum_password_length", "below": 14}},
	"okta_policy_password": {{"path": "password_min_length", "below": 12}, {"path": "password_history_count", "below": 4}},
}
