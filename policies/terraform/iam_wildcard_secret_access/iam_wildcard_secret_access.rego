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

import data.policyctl.lib.terraform

# Policies of resources name a principal; there, the wildcard is the resource.
deny contains {"path": array.concat(statement.path, path), "subject": statement.address, "message": message} if {
	some statement in terraform.statements
	terraform.allows(statement.value)
	not _has(statement.value, "Principal")
	not _has(statement.value, "NotPrincipal")
	not _has(statement.value, "Condition")
	_any_resource(statement.value)
	actions := {i: action | some i, action in terraform.list(statement.value.Action); _reads_secrets(action)}
	count(actions) > 0
	first := min(object.keys(actions))
	path := _action_path(statement.value.Action, first)
	message := $"{statement.address} allows {actions[first]} on every resource"
}

_has(statement, key) if object.get(statement, key, null) != null

_action_path(actions, i) := ["Action", i] if is_array(actions)

_action_path(actions, _) := ["Action"] if is_string(actions)

_any_resource(statement) if {
	some resource in terraform.list(statement.Resource)
	is_string(resource)
	regex.match(`^(?:\*|arn:[a-z*-]+:(?:\*|secretsmanager|ssm|kms):[^:]*:[^:]*:(?:(?:secret:|parameter/?|key/|)\*))$`, resource)
}

_reads_secrets(action) if {
	is_string(action)
	regex.match(`^[A-Za-z0-9:*?-]+$`, action)
	some reading in _readings
	glob.match(lower(action), null, reading)
}

_readings := {"secretsmanager:getsecretvalue", "ssm:getparameter", "ssm:getparameters", "ssm:getparametersbypath", "kms:decrypt"}

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
