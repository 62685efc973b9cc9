package policyctl.compose.literal_secret_test

import data.policyctl.compose.literal_secret as rule

test_a_literal_is_found if {
	rule.deny == {
		{"path": ["services", "db", "environment", "POSTGRES_PASSWORD"], "message": "environment variable POSTGRES_PASSWORD of service db holds a literal credential"},
		{"path": ["services", "web", "build", "args", "NPM_TOKEN"], "message": "build argument NPM_TOKEN of service web holds a literal credential"},
	} with input as {"services": {
		"db": {"environment": {"POSTGRES_PASSWORD": "correct$$horse", "POSTGRES_USER": "app"}},
		"web": {"build": {"args": {"NPM_TOKEN": "correct-horse", "VERSION": "1"}}},
	}}
}

test_harmless_variables if {
	rule.deny == set() with input as {"services": {"web": {"environment": {
		"A_PASSWORD": "${A_PASSWORD}",
		"B_PASSWORD": "${B_PASSWORD:-correct-horse}",
		"C_PASSWORD": null,
		"D_PASSWORD": "",
		"E_PASSWORD_FILE": "/run/secrets/e",
		"F_PASSWORD": "/run/secrets/f",
		"ALLOW_EMPTY_PASSWORD": "yes",
		"TOKEN_TTL": "3600",
		"G_PASSWORD": ["correct-horse"],
	}}}}
}
