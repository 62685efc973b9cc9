# METADATA
# title: Identity may make itself more powerful
# description: >-
#   With these actions on every resource it can write policies, make credentials of
#   others, or start code that runs with any role. It has every permission that
#   anybody has.
# custom:
#   severity: high
#   tier: strict
#   fix: Name the roles that may be passed and the identities that may be changed, and set a permissions boundary.
#   tags: [least-privilege]
#   cwe: [269]
package policyctl.terraform.iam_privilege_escalation

import data.policyctl.lib.iam
import data.policyctl.lib.terraform

deny contains {"path": array.concat(first.statement.path, first.path), "subject": address, "message": message, "targets": combinations} if {
	some address, all in _escalating
	combinations := {name | some name, needed in _combinations; every action in needed { some found in all; found.action == action}}
	count(combinations) > 0
	first := [found | some found in all][0]
	message := $"{address} {_lets(first)} its holder have any permission: {concat(", ", sort(combinations))}"
}

_lets(found) := "may let" if {
	terraform.grant(found.statement, found.path) == "may allow"
} else := "lets"

# _escalating are the actions that the statements of one policy allow together.
_escalating[statement.address] contains object.union(found, {"statement": statement}) if {
	some statement in terraform.grants
	terraform.every_resource(statement.value)
	some found in terraform.granted(statement.value, _actions)
	not found.pattern in {"*", "*:*", "iam:*"} # iam_full_access
}

_actions := {action | some actions in _combinations; some action in actions}

_combinations := object.union(
	{action: {lower(action)} | some action in (iam.escalating | _opening)},
	{$"iam:PassRole with {action}": {"iam:passrole", lower(action)} | some action in [
		"cloudformation:CreateStack", "codebuild:CreateProject", "ec2:RunInstances", "ecs:RunTask", "glue:CreateJob", "lambda:CreateFunction",
		"sagemaker:CreateNotebookInstance", "states:CreateStateMachine",
	]},
)

# _opening are those that open what was closed to their holder: limits of identities, and
# secrets and keys by their policies.
_opening := {
	"iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary", "kms:PutKeyPolicy", "secretsmanager:PutResourcePolicy",
	"sso:AttachManagedPolicyToPermissionSet", "sso:PutInlinePolicyToPermissionSet",
}
