package policyctl.pulumi.literal_secret_test

import data.policyctl.pulumi.literal_secret as rule

_resource(properties) := {"resources": [{"id": "db", "type": "aws:rds:Instance", "values": properties}]}

test_fires if {
	rule.deny == {{"path": ["resources", 0, "values", "password"], "subject": "db", "message": "password of db holds a literal credential"}} with input as _resource({"password": "correct-horse", "username": "app"})
	[found.match | some found in rule.deny] == ["app:correct-horse@"] with input as _resource({"env": [{"value": "postgres:\/\/app:correct-horse@db"}]})
	[found.path | some found in rule.deny] == [["variables", "apiToken"]] with input as {"variables": {"apiToken": "correct-horse"}}
}

test_silent if {
	every properties in [{"password": "${dbPassword}"}, {"password": {"$unknown": ["secret"]}}, {"password": "${db.password}-x"}, {"tags": {"password": "correct-horse"}}, {"passwordLength": "correct-horse"}] {
		count(rule.deny) == 0 with input as _resource(properties)
	}
}

test_a_variable_by_its_use if {
	variables := {"pw": "correct-horse", "name": "correct-horse", "fetched": {"fn::invoke": {}}}
	resources := _resource({"password": "${pw}", "username": "${name}", "token": "${fetched}", "apiKey": "${other}"})
	[found.path | some found in rule.deny] == [["variables", "pw"]] with input as object.union(resources, {"variables": variables})
}
