package policyctl.compose.secret_in_config_test

import data.policyctl.compose.secret_in_config as rule

test_content_with_a_credential_is_found if {
	rule.deny == {
		{"path": ["configs", "app", "content"], "match": "password = correct-horse", "message": "config app has a literal credential in its content"},
		{"path": ["secrets", "db", "content"], "match": "app:correct-horse@", "message": "secret db has a literal credential in its content"},
	} with input as {
		"configs": {"app": {"content": "port = 80\npassword = correct-horse\n"}},
		"secrets": {"db": {"content": "postgres:\/\/app:correct-horse@db"}},
	}
}

test_harmless_entries if {
	rule.deny == set() with input as {
		"configs": {"a": {"content": "password = ${PASSWORD}\n"}, "b": {"file": "./b"}, "c": null, "d": {"content": 5}},
		"secrets": {"e": {"environment": "DB_PASSWORD"}},
	}
	rule.deny == set() with input as {"configs": [1]}
}
