package policyctl.dockerfile.secret_in_env_test

import data.policyctl.dockerfile.secret_in_env as rule

_file(instructions) := {"args": [], "stages": [
	{"name": "build", "index": 0, "final": false, "image": "a", "instructions": instructions},
	{"index": 1, "final": true, "image": "b", "instructions": instructions},
]}

_env(pairs) := {"name": "ENV", "pairs": pairs}

test_a_literal_is_found_in_every_stage if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "pairs", 1, "value"],
			"message": "ENV DB_PASSWORD of stage build holds a literal credential, the build cache and images of that stage keep it",
		},
		{
			"path": ["stages", 1, "instructions", 0, "pairs", 1, "value"],
			"message": "ENV DB_PASSWORD of the final stage holds a literal credential, everyone who can pull the image can read it",
		},
	} with input as _file([_env([{"key": "A", "value": "b"}, {"key": "DB_PASSWORD", "value": "correct-horse"}])])
}

test_a_default_is_a_literal if {
	count(rule.deny) == 2 with input as _file([_env([{"key": "DB_PASSWORD", "value": "${PW:-correct-horse}", "references": ["PW"]}])])
}

test_a_url_is_found_whatever_its_name if {
	{[d.match, d.path] | some d in rule.deny} == {
		["app:correct-horse@", ["stages", 0, "instructions", 0, "pairs", 0, "value"]],
		["app:correct-horse@", ["stages", 1, "instructions", 0, "pairs", 0, "value"]],
	} with input as _file([_env([{"key": "DATABASE_URL", "value": "postgres://app:correct-horse@$HOST/app", "references": ["HOST"]}])])
}

test_a_build_argument_that_env_keeps if {
	file := _file([{"name": "ARG", "pairs": [{"key": "NPM_TOKEN"}]}, _env([{"key": "NPM_TOKEN", "value": "$NPM_TOKEN", "references": ["NPM_TOKEN"]}])])
	{d.message | some d in rule.deny} == {
		"ENV NPM_TOKEN of stage build keeps the build argument NPM_TOKEN, the build cache and images of that stage keep it",
		"ENV NPM_TOKEN of the final stage keeps the build argument NPM_TOKEN, everyone who can pull the image can read it",
	} with input as file
}

test_harmless_variables if {
	rule.deny == set() with input as _file([_env([
		{"key": "DB_PASSWORD", "value": ""},
		{"key": "DB_PASSWORD", "value": "$PW", "references": ["PW"]},
		{"key": "DB_PASSWORD_FILE", "value": "/run/secrets/db"},
		{"key": "DB_PASSWORD", "value": "/run/secrets/db"},
		{"key": "TOKEN_TTL", "value": "3600"},
		{"key": "PATH", "value": "/opt/bin:$PATH", "references": ["PATH"]},
		{"key": "SECRET_KEY_BASE", "value": "dummy"},
		{"key": "DATABASE_URL", "value": "postgres://app:$PW@db/app", "references": ["PW"]},
	])])
}

_handed_on(argument, value) := _file([{"name": "ARG", "pairs": [argument]}, _env([{"key": "NPM_TOKEN", "value": value, "references": [argument.key]}])])

test_a_build_argument_under_the_name_of_a_credential if {
	count(rule.deny) == 2 with input as _handed_on({"key": "NPM"}, "$NPM")
	count(rule.deny) == 2 with input as _handed_on({"key": "NPM", "value": "correct-horse"}, "${NPM}")
	count(rule.deny) == 0 with input as _handed_on({"key": "NPM", "value": "/run/secrets/npm"}, "${NPM}")
	count(rule.deny) == 0 with input as _handed_on({"key": "NPM"}, "/run/$NPM")
}
