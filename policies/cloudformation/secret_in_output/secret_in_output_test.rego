package policyctl.cloudformation.secret_in_output_test

import data.policyctl.cloudformation.secret_in_output as rule

_output(value) := {
	"parameters": [{"name": "DbPassword", "type": "String", "no_echo": true}, {"name": "Env", "type": "String", "no_echo": false}],
	"resources": [{"id": "Key", "type": "AWS::IAM::AccessKey", "values": {}}, {"id": "S", "type": "AWS::SecretsManager::Secret", "values": {}}],
	"outputs": [{"name": "O", "value": value}],
}

test_a_parameter if {
	rule.deny == {{"path": ["outputs", 0, "value"], "subject": "O", "message": "output O shows parameter DbPassword"}} with input as _output({"$unknown": ["Parameters.DbPassword"]})
}

test_its_default if {
	template := object.union(_output("correct-horse"), {"outputs": [{"name": "O", "value": "correct-horse", "derived": [{"path": ["value"], "from": ["Parameters.DbPassword"]}]}]})
	count(rule.deny) == 1 with input as template
}

test_other_sources if {
	every reference in ["resolve:secretsmanager:db:SecretString:password", "resolve:ssm-secure:db", "Resources.Key.SecretAccessKey"] {
		count(rule.deny) == 1 with input as _output({"$unknown": [reference], "$text": "x"})
	}
}

test_metadata if {
	template := object.union(_output("x"), {"resources": [{"id": "I", "type": "AWS::EC2::Instance", "values": {}, "metadata": {"files": [{"content": {"$unknown": ["Parameters.DbPassword"]}}]}}]})
	rule.deny == {{"path": ["resources", 0, "metadata", "files", 0, "content"], "subject": "I", "message": "the metadata of I shows parameter DbPassword"}} with input as template
}

test_silent if {
	every value in ["x", {"$unknown": ["Resources.S"]}, {"$unknown": ["Resources.Key"]}, {"$unknown": ["Parameters.Env"]}, {"$unknown": ["resolve:ssm:/ami"]}, {"$unknown": ["Resources.Gone.SecretAccessKey"]}] {
		count(rule.deny) == 0 with input as _output(value)
	}
}
