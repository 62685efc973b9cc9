package policyctl.serverless.literal_secret_test

import data.policyctl.serverless.literal_secret as rule

_variable(variable) := {"environment": [object.union({"of": "provider"}, variable)], "settings": {}}

test_environment if {
	rule.deny == {{"path": ["environment", 0, "value"], "subject": "DB_PASSWORD", "message": "variable DB_PASSWORD of provider holds a literal credential"}} with input as _variable({"name": "DB_PASSWORD", "value": "correct-horse"})
	count(rule.deny) == 1 with input as _variable({"name": "DB_PASSWORD", "value": {"$unknown": ["env:X"], "$candidates": ["correct-horse"]}})
	count(rule.deny) == 1 with input as _variable({"name": "DB_PASSWORD", "from": "custom.value", "value": "correct-horse"})
	[found.match | some found in rule.deny] == ["app:correct-horse@"] with input as _variable({"name": "DB", "value": "postgres:\/\/app:correct-horse@db"})
}

test_settings if {
	{found.message | some found in rule.deny} == {"custom.db.password holds a literal credential", "provider.apiGateway.apiKeys.value holds a literal credential"} with input as {"environment": [], "settings": {
		"custom": {"db": {"password": "correct-horse", "host": "db"}},
		"provider": {"tags": {"token": "correct-horse"}, "apiGateway": {"apiKeys": [{"name": "x", "value": "correct-horse"}]}},
	}}
}

test_silent if {
	every variable in [
		{"name": "DB_PASSWORD", "value": {"$unknown": ["ssm:/db/password"]}}, {"name": "DB_PASSWORD", "from": "custom.dbPassword", "value": "correct-horse"},
		{"name": "DB_PASSWORD_PARAMETER", "value": "correct-horse"}, {"name": "DB_PASSWORD", "value": "${ssm:x"}, {"name": "SECRET_ARN", "value": "arn:aws:x"},
	] {
		count(rule.deny) == 0 with input as _variable(variable)
	}
}

# Strings are the names of keys that the gateway makes; elsewhere they are keys.
test_names_of_keys if {
	every provider in [{"apiGateway": {"apiKeys": ["partner", "second-partner"]}}, {"apiKeys": ["partner"]}] {
		count(rule.deny) == 0 with input as {"environment": [], "settings": {"provider": provider}}
	}
	count(rule.deny) == 1 with input as {"environment": [], "settings": {"custom": {"apiKeys": ["correct-horse"]}}}
}
