package policyctl.dockerfile.secret_in_run_test

import data.policyctl.dockerfile.secret_in_run as rule

_file(instructions) := {"args": [], "stages": [{"index": 0, "final": true, "image": "a", "instructions": instructions}]}

_run(commands) := {"name": "RUN", "form": "shell", "command": "x", "commands": commands}

_paths := {d.path | some d in rule.deny}

_prefix := ["stages", 0, "instructions", 0]

test_a_word_of_a_command if {
	rule.deny == {{
		"path": array.concat(_prefix, ["commands", 1, "words", 2]),
		"message": "RUN of the final stage has a literal credential in the option -u of curl, everyone who can pull the image can read it",
	}} with input as _file([_run([{"words": ["ls"]}, {"words": ["curl", "-u", "app:correct-horse", "https://example.com"]}])])
}

test_a_part_of_a_word if {
	{d.match | some d in rule.deny} == {"app:correct-horse@"} with input as _file([_run([{"words": ["git", "clone", "https:\/\/app:correct-horse@example.com/r"]}])])
}

test_a_script_for_a_shell_is_judged_once if {
	_paths == {array.concat(_prefix, ["commands", 1, "words", 1])} with input as _file([_run([
		{"words": ["sh", "-c", "curl https:\/\/app:correct-horse@example.com"]},
		{"words": ["curl", "https:\/\/app:correct-horse@example.com"]},
	])])
}

test_the_command_of_a_container if {
	_paths == {array.concat(_prefix, ["commands", 0, "words", 1])} with input as _file([{"name": "CMD", "form": "exec", "commands": [{"words": ["redis-server", "--requirepass=correct-horse"]}]}])
}

test_assignments if {
	_paths == {array.concat(_prefix, ["commands", i, "assignments", 0, "value"]) | some i in [0, 1, 2]} with input as _file([_run([
		{"words": ["export"], "assignments": [{"name": "API_TOKEN", "value": "correct-horse"}]},
		{"assignments": [{"name": "API_TOKEN", "value": "battery"}]},
		{"words": ["make"], "assignments": [{"name": "API_TOKEN", "value": "correct-horse"}]},
		{"words": ["rake", "assets:precompile"], "assignments": [{"name": "SECRET_KEY_BASE", "value": "placeholder-for-precompile"}]},
		{"words": ["rake"], "assignments": [{"name": "SECRET_KEY_BASE", "value": "secret"}]},
		{"words": ["export"], "assignments": [{"name": "API_TOKEN", "value": "$(cat /run/secrets/token)"}]},
		{"words": ["export"], "assignments": [{"name": "API_URL", "value": "correct-horse"}]},
	])])
}

test_passwords_for_chpasswd if {
	_paths == {array.concat(_prefix, ["commands", 0, "words", 1]), array.concat(_prefix, ["commands", 2, "redirects", 0, "target"]), array.concat(_prefix, ["commands", 3, "redirects", 0, "content"])} with input as _file([_run([
		{"words": ["echo", "root:correct-horse"], "pipeline": 1},
		{"words": ["chpasswd"], "pipeline": 1},
		{"words": ["chpasswd"], "redirects": [{"operator": "<<<", "target": "app:battery"}]},
		{"words": ["chpasswd"], "redirects": [{"operator": "<<", "target": "X", "content": "app:battery\n"}]},
		{"words": ["echo", "app:$PASSWORD"], "pipeline": 2},
		{"words": ["chpasswd"], "pipeline": 2},
		{"words": ["echo", "app:correct-horse"]},
	])])
}

test_settings_that_are_written if {
	{[d.match, d.path] | some d in rule.deny} == {
		["password = correct-horse", array.concat(_prefix, ["commands", 0, "words", 1])],
		["export API_TOKEN=battery-staple", array.concat(_prefix, ["commands", 1, "redirects", 0, "content"])],
		["token: correct-horse", array.concat(["stages", 0, "instructions", 1], ["heredocs", 0, "content"])],
	} with input as _file([
		_run([
			{"words": ["echo", "password = correct-horse"], "redirects": [{"operator": ">", "target": "/etc/app.conf"}]},
			{"words": ["cat"], "redirects": [{"operator": "<<", "target": "X", "content": "a\nexport API_TOKEN=battery-staple\nPASSWORD=$X\n"}, {"operator": ">", "target": "b"}]},
			{"words": ["echo", "password = correct-horse"]},
			{"words": ["echo", "password = $PASSWORD"], "redirects": [{"operator": ">", "target": "/etc/app.conf"}]},
			{"words": ["echo", "password = get_password()"], "redirects": [{"operator": ">", "target": "/etc/app.py"}]},
		]),
		{"name": "COPY", "sources": [], "destination": "/a", "heredocs": [{"name": "X", "content": "a: b\ntoken: correct-horse\n"}]},
	])
}

test_what_is_written_counts_once if {
	count(rule.deny) == 1 with input as _file([_run([{"words": ["echo", "//example.com/:_authToken=correct-horse"], "redirects": [{"operator": ">", "target": ".npmrc"}]}])])
}

test_what_was_not_parsed if {
	{[d.match, d.path] | some d in rule.deny} == {["app:correct-horse@", array.concat(_prefix, ["command"])]} with input as _file([
		{"name": "RUN", "form": "shell", "command": "iwr https:\/\/app:correct-horse@example.com"},
		{"name": "RUN", "form": "exec", "args": []},
	])
}
