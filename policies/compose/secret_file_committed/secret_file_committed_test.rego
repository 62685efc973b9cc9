package policyctl.compose.secret_file_committed_test

import data.policyctl.compose.secret_file_committed as rule

test_committed if {
	{found.path | some found in rule.deny} == {["secrets", "db", "file$text"]} with input as {"secrets": {"db": {"file": "db.txt", "file$text": "correct-horse"}}}
}

test_silent if {
	rule.deny == set() with input as {"secrets": {
		"api": {"file": "api.txt", "file$text": "${API_KEY}"}, "later": {"file": "later.txt", "file$text": "placeholder"},
		"gone": {"file": "gone.txt"}, "env": {"environment": "X"}, "none": null,
	}}
	rule.deny == set() with input as {"secrets": ["db"]}
}
