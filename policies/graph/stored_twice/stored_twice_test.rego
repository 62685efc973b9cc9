package policyctl.graph.stored_twice_test

import data.policyctl.graph.stored_twice as rule

_input(copies, fields) := {
	"stores": {"main": {"type": "vault"}},
	"contracts": {"db": {"spec": {"environments": {"prod": {"store": "main", "copies": copies}}}}},
	"objects": [object.union(
		{
			"id": "tf:infra//aws_secretsmanager_secret.db", "slot": "tf:infra//aws_secretsmanager_secret.db", "name": "infra//aws_secretsmanager_secret.db", "entry": "shop/db",
			"store_type": "aws-secretsmanager", "claims": [{"contract": "db", "environment": "prod"}],
		},
		fields,
	)],
}

test_a_second_store if {
	found := {{
		"path": ["objects", 0],
		"subject": "tf:infra//aws_secretsmanager_secret.db",
		"message": "infra//aws_secretsmanager_secret.db puts the secret of contract db into aws-secretsmanager for prod, but its home there is main",
		"related": [{"message": "the home in prod", "path": ["contracts", "db", "spec", "environments", "prod", "store"]}],
	}}
	rule.deny == found with input as _input([], {})
	rule.deny == found with input as _input(["github-secret:DB"], {"environment": "prod", "claims": [{"contract": "db"}]})
}

test_declared_copies if {
	every copy in ["terraform:infra//aws_secretsmanager_secret.db", "tf:infra//aws_secretsmanager_secret.db", "aws-secretsmanager:shop/db", "aws:eu/shop/db"] {
		count(rule.deny) == 0 with input as _input([copy], {})
	}
}

test_silent if {
	every fields in [
		{"store_type": "vault"},
		{"claims": [{"contract": "db"}]},
		{"claims": [{"contract": "db", "environment": "staging"}]},
		{"claims": [{"contract": "db", "environment": "prod", "state": "retired"}]},
	] {
		count(rule.deny) == 0 with input as _input([], fields)
	}
	count(rule.deny) == 0 with input as object.remove(_input([], {}), ["stores"])
}
