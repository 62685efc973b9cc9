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

import data.policyctl.lib.iam
import data.policyctl.lib.terraform

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.address, "message": message, "targets": [lower(found.pattern)]} if {
	some statement in terraform.grants
	terraform.every_resource(statement.value)
	some found in terraform.granted(statement.value, {"*", "iam:*"})
	message := $"{statement.address} {terraform.grant(statement, found.path)} {_what(found.pattern)} on every resource"
}

# What is left out is little, whatever it is.
deny contains {"path": array.concat(statement.path, found.path), "subject": statement.address, "message": message, "targets": [lower(found.pattern)]} if {
	some statement in terraform.grants
	statement.value.NotResource
	some found in terraform.granted(statement.value, {"*", "iam:*"})
	message := $"{statement.address} {terraform.grant(statement, found.path)} {_what(found.pattern)} on all resources but those that it names"
}

_what(pattern) := "every action" if {
	terraform.everything(pattern)
} else := pattern

deny contains object.union(terraform.place(attached.resource, attached.path), {"message": message, "targets": [attached.policy]}) if {
	some attached in terraform.attached
	iam.administrative(attached.policy)
	message := $"{attached.resource.address} attaches {attached.policy}"
}

deny contains object.union(terraform.place(definition, setting.path), {"message": message, "targets": [lower(setting.value)]}) if {
	some definition in terraform.resources.azurerm_role_definition
	some setting in terraform.settings(definition.values, ["permissions", "actions"])
	setting.value in {"*", "*/*", "Microsoft.Authorization/*", "*/write"}
	message := $"{definition.address} allows {setting.value}"
}
