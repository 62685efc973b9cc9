# METADATA
# title: Value of a secret comes from outside
# description: >-
#   A person or a pipeline has made the secret and has had it in hands. Secrets
#   Manager can make one that nobody has seen.
# custom:
#   severity: low
#   tier: audit
#   fix: Use GenerateSecretString in place of SecretString.
#   cwe: [522]
package policyctl.cloudformation.secret_not_generated

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(secret, ["SecretString"]), {"message": message}) if {
	some secret in cloudformation.resources["AWS::SecretsManager::Secret"]
	some reference in values.references(object.get(secret.values, "SecretString", ""))
	startswith(reference, "Parameters.")
	message := $"the value of {secret.id} is handed in by {trim_prefix(reference, "Parameters.")}"
}
