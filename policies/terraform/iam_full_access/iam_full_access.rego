# METADATA
# title: Identity may do everything
# description: >-
#   Whoever takes over one workload with this permission owns the account: every
#   secret in it, every identity, and the logs that would tell.
# custom:
#   severity: high
#   fix: Grant the actions that are needed on the resources that are needed.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.terraform.iam_full_access

import data.policyctl.lib.terraform

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.address, "message": message} if {
	some statement in terraform.grants
	terraform.every_resource(statement.value)
	some found in terraform.granted(statement.value, {"*", "iam:*"})
	message := $"{statement.address} allows {_what(found.pattern)} on every resource"
}

# What is left out is little, whatever it is.
deny contains {"path": array.concat(statement.path, found.path), "subject": statement.address, "message": message} if {
	some statement in terraform.grants
	statement.value.NotResource
	some found in terraform.granted(statement.value, {"*", "iam:*"})
	message := $"{statement.address} allows {_what(found.pattern)} on all resources but those that it names"
}

_what(pattern) := "every action" if {
	terraform.everything(pattern)
} else := pattern

deny contains object.union(terraform.place(resource, setting.path), {"message": message}) if {
	some type, argument in _attachments
	some resource in terraform.resources[type]
	some setting in terraform.settings(resource.values, [argument])
	is_string(setting.value)
	regex.match(`^arn:[a-z-]+:iam::aws:policy/(?:AdministratorAccess|IAMFullAccess)$`, setting.value)
	message := $"{resource.address} attaches {regex.replace(setting.value, "^.*/", "")}"
}

deny contains object.union(terraform.place(resource, [argument]), {"message": message}) if {
	some type, argument in _attachments
	some resource in terraform.resources[type]
	some reference in terraform.references({"": object.get(resource.values, argument, null)})
	some policy in input.resources
	policy.type == "aws_iam_policy"
	policy.mode == "data"
	reference == $"{policy.address}.arn"
	some setting in ["name", "arn"]
	is_string(policy.values[setting])
	regex.match(`(?:^|:policy/)(?:AdministratorAccess|IAMFullAccess)$`, policy.values[setting])
	message := $"{resource.address} attaches {regex.replace(policy.values[setting], "^.*/", "")}"
}

_attachments := {
	"aws_iam_group_policy_attachment": "policy_arn",
	"aws_iam_policy_attachment": "policy_arn",
	"aws_iam_role": "managed_policy_arns",
	"aws_iam_role_policy_attachment": "policy_arn",
	"aws_iam_role_policy_attachments_exclusive": "policy_arns",
	"aws_iam_user_policy_attachment": "policy_arn",
}

deny contains object.union(terraform.place(definition, setting.path), {"message": message}) if {
	some definition in terraform.resources.azurerm_role_definition
	some setting in terraform.settings(definition.values, ["permissions", "actions"])
	setting.value in {"*", "*/*", "Microsoft.Authorization/*", "*/write"}
	message := $"{definition.address} allows {setting.value}"
}
