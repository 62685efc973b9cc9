package policyctl.cloudformation.secret_without_own_key_test

import data.policyctl.cloudformation.secret_without_own_key as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_without_key if {
	_in("AWS::SecretsManager::Secret", {}) == {"KmsKeyId"}
	_in("AWS::SecretsManager::Secret", {"KmsKeyId": "alias/aws/secretsmanager"}) == {"KmsKeyId"}
	_in("AWS::Serverless::Function", {"Environment": {"Variables": {"A": "b"}}}) == {"KmsKeyArn"}
}

test_silent if {
	_in("AWS::SecretsManager::Secret", {"KmsKeyId": {"$unknown": ["Resources.Key"]}}) == set()
	_in("AWS::SecretsManager::Secret", {"KmsKeyId": "alias/app"}) == set()
	_in("AWS::Lambda::Function", {"KmsKeyArn": "arn", "Environment": {"Variables": {"A": "b"}}}) == set()
	_in("AWS::Lambda::Function", {}) == set()
}
