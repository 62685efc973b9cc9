package policyctl.cloudformation.secret_not_generated_test

import data.policyctl.cloudformation.secret_not_generated as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_a_parameter if {
	_in("AWS::SecretsManager::Secret", {"SecretString": {"$unknown": ["Parameters.P"], "$text": "x"}}) == {"SecretString"}
}

test_silent if {
	_in("AWS::SecretsManager::Secret", {"GenerateSecretString": {"PasswordLength": 32}}) == set()
	_in("AWS::SecretsManager::Secret", {"SecretString": {"$unknown": ["Resources.Key.SecretAccessKey"]}}) == set()
}
