# METADATA
# title: Repository lets secrets be pushed
# description: >-
#   The platform can look for credentials in what is pushed and refuse them. What was
#   pushed once is in every clone.
# custom:
#   severity: low
#   tier: strict
#   fix: Switch secret scanning and push protection on (security_and_analysis, prevent_secrets).
#   cwe: [540]
package policyctl.terraform.secret_scanning_off

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"secrets may be pushed: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

_push := {{"path": "prevent_secrets", "good": {"true"}, "absent": "anywhere"}}

_table := {
	"github_organization_settings": {
		{"path": "secret_scanning_enabled_for_new_repositories", "bad": {"false"}},
		{"path": "secret_scanning_push_protection_enabled_for_new_repositories", "bad": {"false"}},
	},
	"github_repository": {
		{"path": "security_and_analysis.secret_scanning.status", "bad": {"disabled"}},
		{"path": "security_and_analysis.secret_scanning_push_protection.status", "bad": {"disabled"}},
	},
	"gitlab_group": {{"path": "push_rules.prevent_secrets", "good": {"true"}, "absent": "inside"}},
	"gitlab_project": {{"path": "push_rules.prevent_secrets", "good": {"true"}, "absent": "inside"}},
	"gitlab_project_push_rules": _push,
}
