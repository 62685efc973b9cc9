package policyctl.kubernetes.kustomize_secret_literals_test

import data.policyctl.kubernetes.kustomize_secret_literals as rule

test_literals if {
	rule.deny == {
		{"path": ["secretGenerator", 0, "literals", 0], "message": "literal password of the generated Secret holds a literal credential"},
		{"path": ["secretGenerator", 0, "literals", 2], "match": ":correct-horse@", "message": "literal uri of the generated Secret holds a URL with a password"},
	} with input as {"secretGenerator": [{"name": "db", "literals": ["password=correct-horse", "username=app", "uri=redis:\/\/:correct-horse@cache"]}]}
}

test_no_literals if {
	every generators in [
		[{"files": ["password.txt"]}],
		[{"envs": [".env"]}],
		[{"literals": ["password=${PASSWORD}", "password=", "username=administrator", 5]}],
		[{"literals": 5}, 5],
		5,
	] {
		count(rule.deny) == 0 with input as {"kind": "Kustomization", "secretGenerator": generators}
	}
}

test_files if {
	count(rule.deny) == 1 with input as {"kind": "Kustomization", "secretGenerator": [{"name": "db", "$read": [
		{"key": "password", "text": "correct-horse"}, {"key": "user", "text": "orders"}, {"key": "token", "text": "${TOKEN}"},
	]}]}
}
