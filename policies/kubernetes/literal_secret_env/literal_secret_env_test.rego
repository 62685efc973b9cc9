package policyctl.kubernetes.literal_secret_env_test

import data.policyctl.kubernetes.literal_secret_env as rule

_pod(entry) := {"kind": "Pod", "spec": {"containers": [{"name": "web", "env": [entry]}]}}

test_a_literal if {
	rule.deny == {{
		"path": ["spec", "containers", 0, "env", 0, "value"],
		"message": "variable DB_PASSWORD of container web holds a literal credential",
	}} with input as _pod({"name": "DB_PASSWORD", "value": "correct-horse"})
}

test_a_password_within_a_url if {
	rule.deny == {{
		"path": ["spec", "containers", 0, "env", 0, "value"],
		"match": "app:correct-horse@",
		"message": "variable DATABASE_URL of container web holds a URL with a password",
	}} with input as _pod({"name": "DATABASE_URL", "value": "postgres:\/\/app:correct-horse@db/app"})
}

test_no_literal if {
	every entry in [
		{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
		{"name": "DB_PASSWORD", "value": "$(OTHER)"},
		{"name": "DB_PASSWORD_FILE", "value": "/run/secrets/db"},
		{"name": "DB_PASSWORD", "value": ""},
		{"name": "DB_PASSWORD", "value": 5},
		{"name": ["DB_PASSWORD"], "value": "correct-horse"},
		{"value": "correct-horse"},
		5,
	] {
		count(rule.deny) == 0 with input as _pod(entry)
	}
}
