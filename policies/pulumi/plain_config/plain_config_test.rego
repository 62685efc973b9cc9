package policyctl.pulumi.plain_config_test

import data.policyctl.pulumi.plain_config as rule

_config(name, value) := {"config": [{"name": name, "value": value, "stack": true}]}

test_fires if {
	rule.deny == {{"path": ["config", 0, "value"], "subject": "app:dbPassword", "message": "app:dbPassword is a literal credential"}} with input as _config("app:dbPassword", "correct-horse")
	{found.message | some found in rule.deny} == {"app:db.password is a literal credential"} with input as _config("app:db", {"password": "correct-horse", "host": "db"})
	[found.match | some found in rule.deny] == ["app:correct-horse@"] with input as _config("app:url", "postgres:\/\/app:correct-horse@db")
}

test_silent if {
	every pair in [["app:dbPassword", {"$unknown": ["secret"]}], ["app:dbPasswordLength", "correct-horse"], ["aws:region", "eu-west-1"], ["app:secretName", "correct-horse"]] {
		count(rule.deny) == 0 with input as _config(pair[0], pair[1])
	}
}
