# METADATA
# title: Secret has no rotation
# description: >-
#   No rotation in this module names the secret. What nobody rotates stays valid
#   for whoever copied it. A secret of a database that keeps its own password
#   (manage_master_user_password) needs none.
# custom:
#   severity: low
#   tier: strict
#   fix: Add an aws_secretsmanager_secret_rotation for the secret, or write down in its contract how it is rotated.
#   tags: [rotation]
#   cwe: [324]
package policyctl.terraform.secrets_manager_rotation_missing

import data.policyctl.lib.terraform

deny contains object.union(terraform.header(secret), {"message": message}) if {
	some secret in terraform.resources.aws_secretsmanager_secret
	terraform.absent(secret.values, "rotation_lambda_arn")
	not _rotated(secret)
	message := $"secret {secret.address} has no rotation"
}

_rotated(secret) if {
	some rotation in terraform.resources.aws_secretsmanager_secret_rotation
	_may_name(object.get(rotation.values, "secret_id", null), secret)
}

# What is handed to a module may be rotated there.
_rotated(secret) if {
	some module in input.modules
	some reference in terraform.references(module)
	startswith(reference, $"{secret.address}.")
}

_may_name(id, secret) if {
	is_string(id)
	id == secret.values.name
}

_may_name(id, secret) if {
	some reference in id["$unknown"]
	startswith(reference, $"{secret.address}.")
}

# A reference that leads to no secret of this module may lead to any.
_may_name(id, _) if {
	terraform.unknown(id)
	every reference in id["$unknown"] {
		not startswith(terraform.local_reference(reference), "aws_secretsmanager_secret.")
	}
}

# Secrets of Google remind somebody to rotate them, or end.
deny contains object.union(terraform.header(secret), {"message": message}) if {
	some type in ["google_secret_manager_regional_secret", "google_secret_manager_secret"]
	some secret in terraform.resources[type]
	every argument in ["expire_time", "rotation", "ttl"] {
		object.get(secret.values, argument, []) in {"", []}
	}
	message := $"secret {secret.address} has no rotation and no end"
}
