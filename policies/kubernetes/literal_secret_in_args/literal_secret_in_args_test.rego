package policyctl.kubernetes.literal_secret_in_args_test

import data.policyctl.kubernetes.literal_secret_in_args as rule

_found(args) := {[found.path[4], object.get(found, "match", ""), found.message] |
	some found in rule.deny with input as {"kind": "Pod", "spec": {"containers": [{"name": "web", "args": args}]}}
}

test_an_option_with_a_value if {
	_found(["serve", "--db-password=correct-horse"]) == {[1, "--db-password=correct-horse", "container web is started with a literal value of db-password"]}
	_found(["--db-password", "correct-horse"]) == {[1, "", "container web is started with a literal value of --db-password"]}
}

test_a_script if {
	_found(["export PGPASSWORD='correct horse'; psql --token=\"battery\""]) == {
		[0, "PGPASSWORD='correct horse'", "container web is started with a literal value of PGPASSWORD"],
		[0, "--token=\"battery\"", "container web is started with a literal value of token"],
	}
}

test_a_url_with_a_password if {
	_found(["--db=postgres:\/\/app:correct-horse@db"]) == {[0, "app:correct-horse@", "container web is started with a URL with a password"]}
	_found(["--password", "redis:\/\/:correct-horse@cache"]) == {[1, ":correct-horse@", "container web is started with a URL with a password"]}
}

test_no_literal if {
	every args in [
		["--db-password=$(DB_PASSWORD)"],
		["--password-file=/run/secrets/db"],
		["--password=/run/secrets/db"],
		["--token", "--verbose"],
		["--token"],
		["--db-password=", "PASSWORD=$1"],
		[5, null, {"password": "correct-horse"}],
		["--name=correct-horse"],
		["--name", "correct-horse"],
		"--db-password=correct-horse",
	] {
		_found(args) == set()
	}
}

test_programs if {
	[found.path | some found in rule.deny] == [["spec", "containers", 0, "livenessProbe", "exec", "command", 2]] with input as {"kind": "Pod", "spec": {"containers": [
		{"name": "db", "livenessProbe": {"exec": {"command": ["mysqladmin", "-uroot", "-pcorrect-horse", "ping"]}}},
		{"name": "ok", "livenessProbe": {"exec": {"command": ["mysqladmin", "-uroot", "-p$(PW)", "ping"]}}},
	]}}
}

test_headers_of_probes if {
	[found.path | some found in rule.deny] == [["spec", "containers", 0, "readinessProbe", "httpGet", "httpHeaders", 1, "value"]] with input as {"kind": "Pod", "spec": {"containers": [
		{"name": "web", "readinessProbe": {"httpGet": {"path": "\/", "httpHeaders": [{"name": "Host", "value": "example.com"}, {"name": "Authorization", "value": "Bearer correct-horse"}]}}},
		{"name": "ok", "readinessProbe": {"httpGet": {"path": "\/", "httpHeaders": [{"name": "X-Token", "value": "${TOKEN}"}, {"name": "Authorization"}]}}},
	]}}
}
