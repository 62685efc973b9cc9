package policyctl.compose.credential_in_url_test

import data.policyctl.compose.credential_in_url as rule

test_a_url_with_a_credential_is_found if {
	rule.deny == {{
		"path": ["services", "web", "environment", "DATABASE_URL"],
		"match": "postgres:postgres@",
		"message": "environment variable DATABASE_URL of service web holds a URL with a literal credential",
	}} with input as {"services": {"web": {"environment": {"DATABASE_URL": "postgres://postgres:postgres@${HOST}/app"}}}}
}

test_a_credential_counts_once if {
	rule.deny == set() with input as {"services": {"web": {"environment": {"API_TOKEN": "https:\/\/app:correct-horse@example.com"}}}}
}

test_harmless_urls if {
	rule.deny == set() with input as {"services": {"web": {"environment": {
		"A": "postgres://app:${PASSWORD}@db/app",
		"B": "postgres://db:5432/app",
		"C": "https://example.com/?page=correct-horse",
		"D": null,
		"E": 5,
	}}}}
}
