# METADATA
# title: Shared administrator account or key is switched on
# description: >-
#   Everybody who uses it is the same administrator: nobody can tell who did what, and
#   taking it from one means changing it for all.
# custom:
#   severity: medium
#   fix: Switch it off, and let people and workloads log in as themselves, by the platform's identity.
#   tags: [short-lived]
#   cwe: [287]
package policyctl.terraform.shared_account_enabled

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"a shared account is on: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

_table := {
	"azurerm_container_registry": {{"path": "admin_enabled", "bad": {"true"}}},
	"google_container_cluster": {
		{"path": "enable_legacy_abac", "bad": {"true"}},
		{"path": "master_auth.client_certificate_config.issue_client_certificate", "bad": {"true"}},
		{"path": "master_auth.username", "like": "."},
	},
}
