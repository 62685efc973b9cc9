# METADATA
# title: Identity may read every secret
# description: >-
#   Whoever takes over one workload with this permission has the secrets of all
#   others. Permissions to read or decrypt secrets can name those that are needed.
# related_resources:
#   - https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
# custom:
#   severity: high
#   fix: Name the secrets, parameters or keys in place of the wildcard, or grant the role on single secrets.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.terraform.iam_wildcard_secret_access

import data.policyctl.lib.iam
import data.policyctl.lib.terraform

# Policies of resources name a principal; there, the wildcard is the resource. Who
# may do everything is found by another rule.
deny contains {"path": array.concat(statement.path, first.path), "subject": statement.address, "message": message, "targets": {lower(action.pattern) | some action in actions}} if {
	some statement in terraform.grants
	_any_resource(statement.value)
	actions := [action | some action in terraform.granted(statement.value, iam.readings); not _full(statement.value, action)]
	first := actions[0]
	message := $"{statement.address} {terraform.grant(statement, first.path)} {concat(" and ", {action.pattern | some action in actions})} on every resource"
}

_full(value, action) if {
	terraform.every_resource(value)
	terraform.everything(action.pattern)
}

_any_resource(statement) if {
	some resource in terraform.list(statement.Resource)
	iam.every_secret(terraform.known_text(resource))
}

deny contains object.union(terraform.place(attached.resource, attached.path), {"message": message, "targets": [attached.policy]}) if {
	some attached in terraform.attached
	iam.reads_every_secret(attached.policy)
	message := $"{attached.resource.address} attaches {attached.policy}, which reads every secret"
}

deny contains object.union(terraform.place(grant, ["role"]), {"message": message}) if {
	some type in _google_grants
	some grant in terraform.resources[type]
	grant.values.role in {"roles/secretmanager.secretAccessor", "roles/secretmanager.admin"}
	not grant.values.condition
	message := $"{grant.address} grants {grant.values.role} on every secret"
}

_google_grants := {$"google_{scope}_iam_{kind}" |
	some scope in ["project", "folder", "organization"]
	some kind in ["member", "binding"]
}

deny contains {"path": fault.path, "subject": fault.subject, "message": $"{fault.subject} reads every secret: {fault.value}"} if {
	some fault in terraform.faults(_rows)
}

_rows := {
	"azurerm_role_definition": {{"path": "permissions.data_actions", "bad": {"*", "microsoft.keyvault/*", "microsoft.keyvault/vaults/*"}}},
	"oci_identity_policy": {{
		"path": "statements",
		"like": `^\s*allow\s.*\sto\s+(?:read|use|manage)\s+(?:secret-family|secret-bundles|vaults|keys)\s+in\s+tenancy\s*$`,
	}},
}

# In Azure a role at the top counts for every vault below.
deny contains object.union(terraform.place(grant, ["scope"]), {"message": message}) if {
	some grant in terraform.resources.azurerm_role_assignment
	grant.values.role_definition_name in {"Key Vault Administrator", "Key Vault Data Access Administrator", "Key Vault Secrets Officer", "Key Vault Secrets User"}
	terraform.absent(grant.values, "condition")
	_top(grant.values.scope)
	message := $"{grant.address} grants {grant.values.role_definition_name} on every vault of {_level(grant.values.scope)}"
}

_top(scope) if regex.match(`(?i)^/(?:subscriptions|providers/microsoft\.management/managementgroups)/[^/]+/?$`, terraform.known_text(scope))

_top(scope) if count(_above(scope)) > 0

_above(scope) := {reference |
	terraform.unknown(scope)
	count(scope["$unknown"]) == 1
	not scope["$text"]
	some reference in scope["$unknown"]
	regex.match(`^(?:data\.)?azurerm_(?:subscription|management_group)\.[^.]+\.id$`, terraform.local_reference(reference))
}

_level(scope) := terraform.known_text(scope)

_level(scope) := concat("", above) if {
	above := _above(scope)
	count(above) > 0
}
