# METADATA
# title: Secret is encrypted by a key of the account that nobody manages
# description: >-
#   The key of the service cannot be limited, shared or revoked. With a key of your
#   own its policy decides too who may read the secret.
# custom:
#   severity: low
#   tier: audit
#   fix: Set KmsKeyId to a key of your own.
#   cwe: [311]
package policyctl.cloudformation.secret_without_own_key

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(resource, path), {"message": message}) if {
	some type, path in _keys
	some resource in cloudformation.resources[type]
	_not_own(resource.values, path)
	message := $"{resource.id} names no key of its own"
}

_not_own(properties, path) if values.may_be_absent(properties, path)

_not_own(properties, path) if {
	name := object.get(properties, path, null)
	is_string(name)
	contains(name, "alias/aws/")
}

_keys := {
	"AWS::CloudTrail::Trail": ["KMSKeyId"],
	"AWS::Logs::LogGroup": ["KmsKeyId"],
	"AWS::SecretsManager::Secret": ["KmsKeyId"],
	"AWS::SNS::Topic": ["KmsMasterKeyId"],
}

# The variables of a function have a key of their own too.
deny contains object.union(cloudformation.place(function, ["KmsKeyArn"]), {"message": message}) if {
	some type in ["AWS::Lambda::Function", "AWS::Serverless::Function"]
	some function in cloudformation.resources[type]
	not object.get(function.values, ["Environment", "Variables"], null) in {null, {}}
	values.absent(function.values, ["KmsKeyArn"])
	message := $"the environment of {function.id} is encrypted by no key of its own"
}
