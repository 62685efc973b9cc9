# METADATA
# title: Secret is not rotated
# description: >-
#   No rotation schedule belongs to the secret. It stays as it is until somebody
#   remembers it.
# custom:
#   severity: low
#   tier: strict
#   fix: Add an AWS::SecretsManager::RotationSchedule, or let the service keep the secret (ManageMasterUserPassword).
#   cwe: [324]
package policyctl.cloudformation.secrets_manager_rotation_missing

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(secret, []), {"at": "key", "message": message}) if {
	some secret in cloudformation.resources["AWS::SecretsManager::Secret"]
	not secret.id in _rotated
	message := $"no rotation schedule belongs to {secret.id}"
}

_rotated contains id if {
	some schedule in cloudformation.resources["AWS::SecretsManager::RotationSchedule"]
	some reference in values.references(schedule.values.SecretId)
	some id in _secrets(reference)
}

# A schedule may be given the attachment of a secret to its database.
_secrets(reference) := {id} | {secret |
	some attachment in cloudformation.resources["AWS::SecretsManager::SecretTargetAttachment"]
	attachment.id == id
	some attached in values.references(attachment.values.SecretId)
	secret := split(attached, ".")[1]
} if {
	["Resources", id] = array.slice(split(reference, "."), 0, 2)
}
