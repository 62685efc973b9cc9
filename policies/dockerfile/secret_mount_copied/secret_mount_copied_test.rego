package policyctl.dockerfile.secret_mount_copied_test

import data.policyctl.dockerfile.secret_mount_copied as rule

_file(instructions) := {"args": [], "stages": [{"index": 0, "final": true, "image": "a", "instructions": instructions}]}

_run(mount, commands) := {"name": "RUN", "form": "shell", "command": "x", "commands": commands, "flags": [{"name": "network", "value": "none"}, {"name": "mount", "value": mount}]}

_message(id, file) := $"RUN writes the mounted secret {id} to {file} in the final stage, everyone who can pull the image can read it"

test_copied if {
	rule.deny == {{"path": ["stages", 0, "instructions", 0, "commands", 0, "words"], "message": _message("npm", "/app/npm")}} with input as _file([_run("type=secret,id=npm", [{"words": ["cp", "-p", "/run/secrets/npm", "/app/"]}])])
	count(rule.deny) == 1 with input as _file([_run("type=secret,id=npm,target=/npmrc", [{"words": ["install", "/npmrc", "/app/.npmrc"]}])])
}

test_written if {
	rule.deny == {{"path": ["stages", 0, "instructions", 0, "commands", 0], "message": _message("npm", "/root/.npmrc")}} with input as _file([_run("type=secret,id=npm", [{"words": ["cat", "/run/secrets/npm"], "redirects": [{"operator": ">", "target": "/root/.npmrc"}]}])])
	every command in [
		{"words": ["echo", "a=$(cat /run/secrets/npm)"], "redirects": [{"operator": ">", "target": "b"}]},
		{"words": ["echo", "a=$(</run/secrets/npm)"], "redirects": [{"operator": ">>", "target": "b"}]},
		{"words": ["npm", "config", "set", "//example.com/:_authToken", "$(cat /run/secrets/npm)"]},
	] {
		count(rule.deny) == 1 with input as _file([_run("type=secret,id=npm", [command])])
	}
	count(rule.deny) == 1 with input as _file([_run("type=secret,id=npm,env=NPM", [{"words": ["echo", "a=${NPM}"], "redirects": [{"operator": ">", "target": "b"}]}])])
}

test_used_and_gone if {
	every commands in [
		[{"words": ["cat", "/run/secrets/npm"]}],
		[{"words": ["cat", "/etc/passwd"], "redirects": [{"operator": ">", "target": "b"}]}],
		[{"words": ["npm", "ci"]}],
		[{"words": ["cp", "/run/secrets/npm", "/root/.npmrc"]}, {"words": ["npm", "ci"]}, {"words": ["rm", "-f", "~/.npmrc"]}],
		[{"words": ["cp", "/run/secrets/npm", "/dev/shm/npm"]}],
		[{"words": ["cat", "/run/secrets/npm"], "redirects": [{"operator": ">", "target": "/dev/null"}]}],
		[{"words": ["cp", "a", "b"]}],
		[{"words": ["cp"]}],
	] {
		rule.deny == set() with input as _file([_run("type=secret,id=npm", commands)])
	}
	rule.deny == set() with input as _file([_run("type=cache,target=/c", [{"words": ["cp", "/c", "/d"]}])])
}

test_odd_mounts if {
	rule.deny == {{"path": ["stages", 0, "instructions", 0, "commands", 0], "message": _message("b", "c")}} with input as _file([_run("type=cache,type=secret,id=a,id=b,target=/x,dst=/y", [{"words": ["cat", "/y"], "redirects": [{"operator": ">", "target": "c"}]}])])
	rule.deny == set() with input as _file([_run("type=secret,id=a,env=(", [{"words": ["echo", "$a"], "redirects": [{"operator": ">", "target": "c"}]}])])
}

test_by_a_variable if {
	set := {"assignments": [{"name": "F", "value": "/run/secrets/npm"}]}
	env := {"name": "ENV", "pairs": [{"key": "DIR", "value": "/run/secrets"}]}
	every command in [
		{"words": ["cp", "$F", "/root/.npmrc"]}, {"words": ["cp", "${DIR}/npm", "/root/.npmrc"]},
		{"words": ["cat", "$DIR/npm"], "redirects": [{"operator": ">", "target": "b"}]},
	] {
		count(rule.deny) == 1 with input as _file([env, _run("type=secret,id=npm", [set, command])])
	}
	every command in [{"words": ["cp", "$G", "/root/.npmrc"]}, {"words": ["cp", "$DIR/other", "/root/.npmrc"]}] {
		rule.deny == set() with input as _file([env, _run("type=secret,id=npm", [set, command])])
	}
}
