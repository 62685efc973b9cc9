package policyctl.pipeline.literal_secret_test

import data.policyctl.pipeline.literal_secret as rule

_literal(variable, value, at) := {"address": "jobs.build.env.X", "variable": variable, "value": value, "at": at, "job": "build"}

test_a_literal if {
	every at in ["pipeline_env", "job_env", "step_env", "input", "forwarded", "container_credential", "build_arg", "default"] {
		rule.deny == {{
			"path": ["literals", 0, "value"],
			"subject": "jobs.build.env.X",
			"message": "DB_PASSWORD of job \"build\" is a literal credential",
		}} with input as {"literals": [_literal("DB_PASSWORD", "correct-horse", at)]}
	}
}

# What the file declares to be a password is one, whatever its name.
test_a_declared_password if {
	count(rule.deny) == 1 with input as {"literals": [object.union(_literal("PIN", "correct-horse", "default"), {"password": true})]}
	count(rule.deny) == 0 with input as {"literals": [_literal("PIN", "correct-horse", "default")]}
}

test_no_credential if {
	count(rule.deny) == 0 with input as {"literals": [
		_literal("REGION", "correct-horse", "job_env"),
		_literal("DB_PASSWORD", "", "job_env"),
		_literal("DB_PASSWORD", "$OTHER", "job_env"),
		_literal("DB_PASSWORD", "correctEXAMPLEhorse", "job_env"),
	]}
	count(rule.deny) == 0 with input as {}
}

test_a_password_of_a_container_beside_the_job if {
	count(rule.deny) == 0 with input as {"literals": [
		_literal("POSTGRES_PASSWORD", "correct-horse", "container_env"),
		_literal("PGPASSWORD", "correct-horse", "job_env"),
	]}
}

test_what_is_made_up_for_a_test if {
	every pair in [
		["SECRET_KEY_BASE", "test"], ["DJANGO_SECRET_KEY", "insecure"], ["JWT_SECRET", "changeme"], ["MINIO_SECRET_KEY", "minioadmin"],
		["REDIS_PASSWORD", "redis"], ["NEXTAUTH_SECRET", "secret"], ["DB_PASSWORD", "root"], ["SESSION_SECRET", "not-a-secret"],
		["SECRET_KEY", "test-secret-key"], ["OPENAI_API_KEY", "sk-test"], ["LDAP_ADMIN_PASSWORD", "admin"], ["POSTGRES_PASSWORD", "runner"],
		["DB_PASS", "toor"], ["MYSQL_PWD", "ubuntu"], ["shopPassword", "shop"],
	] {
		count(rule.deny) == 0 with input as {"literals": [_literal(pair[0], pair[1], "job_env")]}
	}
	count(rule.deny) == 0 with input as {"literals": [_literal("DB_USER", "inventory", "job_env"), _literal("DB_PASSWORD", "inventory", "job_env")]}
	every pair in [
		["DB_PASSWORD", concat("", ["Sum", "mer2024!"])], ["DB_PASSWORD", "test\u0031234"], ["DB_PASSWORD", "swordfish"], ["DB_PASSWORD", "inventory"], ["API_KEY", "sk-correcthorse"],
		["API_KEY", "testxqkvw"], ["DB_PASSWORD", "root!"],
	] {
		count(rule.deny) == 1 with input as {"literals": [_literal(pair[0], pair[1], "job_env")]}
	}
}

test_what_a_component_is_to_fetch if {
	count(rule.deny) == 0 with input as {"literals": [_literal("secrets", "secret/data/ci npmToken", "input")]}
	count(rule.deny) == 1 with input as {"literals": [_literal("secrets", "token=correct-horse", "input")]}
}
