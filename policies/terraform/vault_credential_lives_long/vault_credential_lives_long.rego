# METADATA
# title: Credential of Vault lives longer than it need
# description: What leaked stays valid until it ends. Workloads renew their tokens and leases as they go.
# custom:
#   severity: medium
#   tier: strict
#   fix: Let tokens and leases end within hours, renewed by the workload, and secret IDs after one use or a short time.
#   tags: [short-lived]
#   cwe: [613]
package policyctl.terraform.vault_credential_lives_long

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"a credential lives long: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

# Bounds in seconds: 32 days are the most that Vault gives by itself.
_table := object.union(
	{$"vault_{method}_auth_backend_role": {
		{"path": "token_ttl", "above": 2764800},
		{"path": "token_max_ttl", "above": 2764800},
		{"path": "token_period", "above": 2764800},
	} |
		some method in ["aws", "azure", "cert", "gcp", "jwt", "kubernetes"]
	},
	{
		"vault_approle_auth_backend_role": {
			{"path": "token_ttl", "above": 2764800},
			{"path": "token_max_ttl", "above": 2764800},
			{"path": "secret_id_ttl", "bad": {"0"}, "absent": "anywhere", "when": {"secret_id_num_uses": {"", "0"}}},
		},
		"vault_aws_secret_backend": {{"path": "default_lease_ttl_seconds", "above": 86400}, {"path": "max_lease_ttl_seconds", "above": 2764800}},
		"vault_aws_secret_backend_role": {{"path": "credential_type", "bad": {"iam_user"}, "says": "roles give credentials that end by themselves"}},
		"vault_azure_secret_backend_role": {{"path": "max_ttl", "above": 2764800}},
		"vault_database_secret_backend_role": {{"path": "default_ttl", "above": 86400}, {"path": "max_ttl", "above": 2764800}},
		"vault_token": {
			{"path": "ttl", "absent": "anywhere", "when": {"explicit_max_ttl": {""}}},
			{"path": "ttl", "like": `^(?:76[89]|7[7-9][0-9]|[89][0-9]{2}|[0-9]{4,})h|^(?:3[3-9]|[4-9][0-9]|[0-9]{3,})d`},
			{"path": "no_parent", "bad": {"true"}, "when": {"period": {""}, "ttl": {""}}},
		},
	},
)
