package policyctl.compose.secret_in_command_test

import data.policyctl.compose.secret_in_command as rule

test_a_word_of_a_list if {
	rule.deny == {{
		"path": ["services", "redis", "command", 2],
		"message": "command of service redis has a literal credential in the option --requirepass",
	}} with input as {"services": {"redis": {"command": ["redis-server", "--requirepass", "correct-horse"]}}}
}

test_a_part_of_a_text if {
	rule.deny == {{
		"path": ["services", "db", "healthcheck", "test", 1],
		"match": "localhost -pcorrect-horse",
		"message": "healthcheck.test of service db has a literal credential in the option -p",
	}} with input as {"services": {"db": {"healthcheck": {"test": ["CMD-SHELL", "sleep 1; mysqladmin ping -h localhost -pcorrect-horse"]}}}}
}

test_a_health_check_without_a_shell if {
	{d.path | some d in rule.deny} == {["services", "db", "healthcheck", "test", 2]} with input as {"services": {"db": {"healthcheck": {"test": ["CMD", "mysqladmin", "-pcorrect-horse", "ping"]}}}}
}

test_harmless_commands if {
	rule.deny == set() with input as {"services": {
		"a": {"command": ["redis-server", "--requirepass", "${REDIS_PASSWORD}"]},
		"b": {"command": "redis-server --requirepass $$REDIS_PASSWORD --port 6379"},
		"c": {"healthcheck": {"test": ["CMD", "mysqladmin", "ping"]}},
		"d": {"entrypoint": 5, "command": [5, null]},
	}}
}
