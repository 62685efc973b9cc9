package policyctl.cloudformation.parameter_not_noecho_test

import data.policyctl.cloudformation.parameter_not_noecho as rule

_template(parameter, properties) := {
	"parameters": [object.union({"type": "String", "no_echo": false}, parameter)],
	"resources": [{"id": "X", "type": "T", "values": properties}],
}

_fix := {"op": "add", "path": ["parameters", 0, "ApiToken", "NoEcho"], "value": true}

test_by_name if {
	rule.deny == {{"path": ["parameters", 0, "name"], "subject": "ApiToken", "message": "parameter ApiToken takes a credential and has no NoEcho", "related": [], "fix": _fix}} with input as _template({"name": "ApiToken"}, {})
}

test_by_use if {
	some found in rule.deny with input as _template({"name": "P"}, {"Users": [{"Password": {"$unknown": ["Parameters.P"]}}]})
	found.related == [{"path": ["resources", 0, "values", "Users", 0, "Password"], "message": "Users.Password of X is given it"}]
}

test_silent if {
	every template in [
		_template({"name": "ApiToken", "no_echo": true}, {}),
		_template({"name": "ApiTokenArn"}, {}),
		_template({"name": "SecretId"}, {"Password": {"$unknown": ["Parameters.SecretId", "resolve:secretsmanager:x"], "$text": "{{resolve:secretsmanager:${Parameters.SecretId}}}"}}),
		_template({"name": "Size"}, {"Size": {"$unknown": ["Parameters.Size"]}}),
		_template({"name": "ApiToken", "type": "AWS::SSM::Parameter::Value<String>"}, {}),
	] {
		count(rule.deny) == 0 with input as template
	}
}
