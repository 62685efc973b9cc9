package policyctl.lib.dockerfile_test

import data.policyctl.lib.dockerfile

_file := {"args": [{"key": "A"}], "stages": [
	{"name": "build", "index": 0, "final": false, "image": "a", "instructions": [
		{"name": "ARG", "pairs": [{"key": "API_TOKEN"}, {"key": "VERSION"}]},
		{"name": "ENV", "pairs": [{"key": "B", "value": "c"}]},
	]},
	{"index": 1, "final": true, "image": "b", "instructions": [{"name": "RUN", "command": "d", "commands": [{"words": ["d"]}]}]},
]}

test_instructions if {
	[i.path | some i in dockerfile.instructions] == [["stages", 0, "instructions", 0], ["stages", 0, "instructions", 1], ["stages", 1, "instructions", 0]] with input as _file
	dockerfile.instructions[2].stage.index == 1 with input as _file
}

test_pairs if {
	[pair.path | some pair in dockerfile.pairs("ENV")] == [["stages", 0, "instructions", 1, "pairs", 0]] with input as _file
	dockerfile.global_args == [{"path": ["args", 0], "value": {"key": "A"}}] with input as _file
}

test_commands if {
	[[c.path, c.instruction.stage.index] | some c in dockerfile.commands] == [[["stages", 1, "instructions", 0, "commands", 0], 1]] with input as _file
}

test_holds_credential if {
	dockerfile.holds_credential({"key": "API_TOKEN", "value": "correct-horse"})
	dockerfile.holds_credential({"key": "API_TOKEN", "value": "correct$horse"})
	dockerfile.holds_credential({"key": "API_TOKEN", "value": "${API_TOKEN:-correct-horse}", "references": ["API_TOKEN"]})
	not dockerfile.holds_credential({"key": "API_TOKEN", "value": "${API_TOKEN}", "references": ["API_TOKEN"]})
	not dockerfile.holds_credential({"key": "API_TOKEN", "value": "correct-$HORSE", "references": ["HORSE"]})
	not dockerfile.holds_credential({"key": "VERSION", "value": "correct-horse"})
	not dockerfile.holds_credential({"key": "API_TOKEN"})
}

test_secret_arguments if {
	dockerfile.secret_arguments == {0: {"API_TOKEN"}} with input as _file
}

test_secret_references if {
	dockerfile.secret_references("a $API_TOKEN ${DB_PASSWORD:-x} $HOME") == {"API_TOKEN", "DB_PASSWORD"}
	dockerfile.secret_references("a") == set()
}

test_hands_on if {
	dockerfile.hands_on({"words": ["sudo", "bash", "-ec", "a"]})
	dockerfile.hands_on({"words": ["su", "app", "-c", "a"]})
	not dockerfile.hands_on({"words": ["bash", "a.sh"]})
	not dockerfile.hands_on({"words": ["gcc", "-c", "a.c"]})
	not dockerfile.hands_on({"assignments": []})
}

test_settings_file if {
	dockerfile.settings_file({"words": ["npm", "config", "set", "a", "b"]}) == "~/.npmrc"
	dockerfile.settings_file({"words": ["pip", "config", "set", "a", "b"]}) == "~/.config/pip/pip.conf"
	dockerfile.settings_file({"words": ["git", "config", "--global", "a", "b"]}) == "~/.gitconfig"
	dockerfile.settings_file({"words": ["git", "config", "--system", "a", "b"]}) == "/etc/gitconfig"
	dockerfile.settings_file({"words": ["git", "clone", "https://example.com/a/b.git"]}) == "b/.git/config"
	dockerfile.settings_file({"words": ["git", "clone", "https://example.com/a/b.git", "/c"]}) == "/c/.git/config"
	dockerfile.settings_file({"words": ["git", "config", "--global", "--system", "a.b", "c"]}) == "/etc/gitconfig"
	dockerfile.settings_file({"words": ["git", "clone", "https://example.com/a.git", "--config", "--global", "config"]}) == "config/.git/config"
	not dockerfile.settings_file({"words": ["git", "fetch"]})
	not dockerfile.settings_file({"words": ["npm", "ci"]})
	not dockerfile.settings_file({"assignments": []})
}

_run(commands) := {"stages": [{"index": 0, "final": true, "instructions": [{"name": "RUN", "commands": commands}]}]}

_targets := dockerfile.file_targets(dockerfile.commands[0])

test_file_targets if {
	_targets == {"a"} with input as _run([{"words": ["echo"], "redirects": [{"operator": ">", "target": "a"}, {"operator": ">", "target": "/dev/null"}, {"operator": "<", "target": "b"}]}])
	_targets == {"c"} with input as _run([{"words": ["echo"], "pipeline": 1}, {"words": ["sudo", "tee", "-a", "c"], "pipeline": 1}])
	_targets == set() with input as _run([{"words": ["echo"]}, {"words": ["tee", "c"]}])
}

_removes(words, file) if dockerfile.removes(dockerfile.instructions[0], file) with input as _run([{"words": words}])

test_removes if {
	every case in [["a", "a"], ["~/.npmrc", "/root/.npmrc"], ["/a/", "/a/b"], ["/a/*", "/a/b"], ["/a/.git", ".git"], [".git", "b/.git"], ["$HOME/.npmrc", "~/.npmrc"]] {
		_removes(["rm", "-rf", case[0]], case[1])
	}
	not _removes(["rm", "-rf", "b"], "/a")
	not _removes(["ls", "/a"], "/a")
}

test_words_of_stages if {
	dockerfile.stage_name({"name": "build", "index": 0, "final": false}) == "stage build"
	dockerfile.stage_name({"index": 0, "final": false}) == "stage 0"
	dockerfile.stage_name({"index": 1, "final": true}) == "the final stage"
	dockerfile.kept({"final": true}) == "everyone who can pull the image can read it"
	dockerfile.kept({"final": false}) == "the build cache and images of that stage keep it"
}
