# METADATA
# title: Identity may become every service account of a project
# description: >-
#   Granted on the project, the role covers the accounts that have more rights than
#   its holder, and those that are made later.
# custom:
#   severity: high
#   tier: strict
#   fix: Grant the role on the one service account that is meant.
#   tags: [least-privilege]
#   cwe: [269]
package policyctl.terraform.impersonation_granted_widely

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"{fault.subject} grants {fault.value}: its holder can become every service account"} if {
	some fault in terraform.faults(_table)
}

_table := {$"google_{scope}_iam_{kind}": {{"path": "role", "bad": _roles, "when": {"condition.expression": {""}}}} |
	some scope in ["project", "folder", "organization"]
	some kind in ["member", "binding"]
}

_roles := {lower($"roles/{role}") | some role in [
	"iam.serviceAccountAdmin", "iam.serviceAccountKeyAdmin", "iam.serviceAccountOpenIdTokenCreator", "iam.serviceAccountTokenCreator",
	"iam.serviceAccountUser", "iam.workloadIdentityUser", "iam.securityAdmin", "resourcemanager.projectIamAdmin",
]}
