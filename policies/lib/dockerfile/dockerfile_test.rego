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

test_commands_of if {
	[c.path | some c in dockerfile.commands_of(dockerfile.instructions[2])] == [["stages", 1, "instructions", 0, "commands", 0]] with input as _file
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
	dockerfile.settings_file({"words": ["git", "config", "--global", "a", "b"]}) == "~/.gitconfig"
	dockerfile.settings_file({"words": ["git", "config", "--system", "a", "b"]}) == "/etc/gitconfig"
	dockerfile.settings_file({"words": ["git", "clone", "https://example.com/a/b.git"]}) == "b/.git/config"
	dockerfile.settings_file({"words": ["git", "clone", "https://example.com/a/b.git", "/c"]}) == "/c/.git/config"
	not dockerfile.settings_file({"words": ["git", "fetch"]})
}

test_file_targets if {
	command := {"words": ["echo"], "pipeline": 1, "redirects": [{"operator": ">", "target": "a"}, {"operator": ">", "target": "/dev/null"}, {"operator": "<", "target": "b"}]}
	tee := {"words": ["sudo", "tee", "-a", "c"], "pipeline": 1}
	dockerfile.file_targets({"commands": [command, tee]}, command) == {"a", "c"}
	dockerfile.file_targets({"commands": [{"words": ["tee", "c"]}]}, {"words": ["echo"]}) == set()
}

test_removes if {
	every case in [["a", "a"], ["~/.npmrc", "/root/.npmrc"], ["/a/", "/a/b"], ["/a/*", "/a/b"], ["/a/.git", ".git"], [".git", "b/.git"], ["$HOME/.npmrc", "~/.npmrc"]] {
		dockerfile.removes({"commands": [{"words": ["rm", "-rf", case[0]]}]}, case[1])
	}
	not dockerfile.removes({"commands": [{"words": ["rm", "-rf", "b"]}]}, "/a")
	not dockerfile.removes({"commands": [{"words": ["ls", "/a"]}]}, "/a")
}

test_words_of_stages if {
	dockerfile.stage_name({"name": "build", "index": 0, "final": false}) == "stage build"
	dockerfile.stage_name({"index": 0, "final": false}) == "stage 0"
	dockerfile.stage_name({"index": 1, "final": true}) == "the final stage"
	dockerfile.kept({"final": true}) == "everyone who can pull the image can read it"
	dockerfile.kept({"final": false}) == "the build cache and images of that stage keep it"
}
