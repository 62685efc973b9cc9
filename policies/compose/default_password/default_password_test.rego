package policyctl.compose.default_password_test

import data.policyctl.compose.default_password as rule

test_a_fallback_is_found if {
	rule.deny == {{
		"path": ["services", "db", "environment", "POSTGRES_PASSWORD"],
		"message": "environment variable POSTGRES_PASSWORD of service db falls back to a literal credential",
	}} with input as {"services": {"db": {"environment": {"POSTGRES_PASSWORD": "${DB_PASSWORD:-correct-horse}"}}}}
}

test_a_fallback_within_a_url if {
	rule.deny == {{
		"path": ["services", "web", "environment", "DATABASE_URL"],
		"match": "${DB_PASSWORD:-correct-horse}",
		"message": "the URL in environment variable DATABASE_URL of service web falls back to a literal credential",
	}} with input as {"services": {"web": {"environment": {"DATABASE_URL": "postgres://app:${DB_PASSWORD:-correct-horse}@db/app"}}}}
}

test_a_fallback_within_a_command if {
	rule.deny == {
		{
			"path": ["services", "redis", "command", 2],
			"message": "command of service redis falls back to a literal credential in the option --requirepass",
		},
		{
			"path": ["services", "redis", "healthcheck", "test"],
			"match": "-a ${REDIS_PASSWORD:-correct-horse}",
			"message": "healthcheck.test of service redis falls back to a literal credential in the option -a",
		},
	} with input as {"services": {"redis": {
		"command": ["redis-server", "--requirepass", "${REDIS_PASSWORD:-correct-horse}", 5],
		"healthcheck": {"test": "redis-cli -a ${REDIS_PASSWORD:-correct-horse} ping"},
	}}}
}

test_harmless_values if {
	rule.deny == set() with input as {"services": {"db": {
		"environment": {
			"A_PASSWORD": "${A_PASSWORD:?needed}",
			"B_PASSWORD": "${B_PASSWORD:-}",
			"C_PASSWORD": "correct-horse",
			"C_USER": "${C_USER:-correct-horse}",
			"D_PASSWORD_FILE": "${D:-/run/secrets/d}",
			"URL": "postgres://app:${DB_PASSWORD}@db/app",
			"E_PASSWORD": 5,
		},
		"command": ["redis-server", "--requirepass", "correct-horse", "--port", "${PORT:-6379}"],
	}}}
}
