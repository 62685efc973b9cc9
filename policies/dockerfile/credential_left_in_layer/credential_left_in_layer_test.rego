package policyctl.dockerfile.credential_left_in_layer_test

import data.policyctl.dockerfile.credential_left_in_layer as rule

_file(instructions) := {"args": [], "stages": [{"index": 0, "final": true, "image": "a", "instructions": instructions}]}

_run(commands) := {"name": "RUN", "form": "shell", "command": "x", "commands": commands, "variables": ["HOME", "TOKEN"]}

test_a_clone_keeps_its_url if {
	rule.deny == {{
		"path": ["stages", 0, "instructions", 0, "commands", 0, "words", 2],
		"message": "RUN writes TOKEN to r/.git/config in the final stage, everyone who can pull the image can read it",
	}} with input as _file([_run([{"words": ["git", "clone", "https://x:${TOKEN}@example.com/r.git"]}])])
}

test_settings_keep_a_token if {
	every command in [
		{"words": ["npm", "config", "set", "//example.com/:_authToken", "$TOKEN"]},
		{"words": ["pip", "config", "set", "global.index-url", "https://x:$TOKEN@example.com"]},
		{"words": ["git", "config", "--global", "url.https://$TOKEN@example.com/.insteadOf", "https://example.com/"]},
		{"words": ["echo", "//example.com/:_authToken=$TOKEN"], "redirects": [{"operator": ">", "target": ".npmrc"}]},
	] {
		count(rule.deny) == 1 with input as _file([_run([command])])
	}
}

test_what_is_undone if {
	every commands in [
		[{"words": ["git", "clone", "https://$TOKEN@example.com/r.git"]}, {"words": ["rm", "-rf", "r/.git"]}],
		[{"words": ["git", "clone", "https://$TOKEN@example.com/r.git", "/src"]}, {"words": ["rm", "-rf", "/src"]}],
		[{"words": ["git", "clone", "https://$TOKEN@example.com/r.git"]}, {"words": ["git", "-C", "r", "remote", "set-url", "origin", "https://example.com/r.git"]}],
		[{"words": ["npm", "config", "set", "//example.com/:_authToken", "$TOKEN"]}, {"words": ["rm", "/root/.npmrc"]}],
		[{"words": ["npm", "config", "set", "//example.com/:_authToken=$TOKEN"]}, {"words": ["npm", "config", "delete", "//example.com/:_authToken"]}],
		[{"words": ["echo", "a=$TOKEN"], "redirects": [{"operator": ">", "target": ".npmrc"}]}, {"words": ["rm", ".npmrc"]}],
	] {
		rule.deny == set() with input as _file([_run(commands)])
	}
}

test_what_writes_no_credential if {
	every command in [
		{"words": ["git", "clone", "https://example.com/$HOME/r.git"]},
		{"words": ["git", "config", "--global", "user.name", "$TOKEN"]},
		{"words": ["echo", "a=$TOKEN"]},
		{"words": ["echo", "a=$HOME"], "redirects": [{"operator": ">", "target": "b"}]},
		{"words": ["echo", "a=${OTHER_TOKEN}"], "redirects": [{"operator": ">", "target": "b"}]},
		{"words": ["npm", "ci"]},
	] {
		rule.deny == set() with input as _file([_run([command])])
	}
	rule.deny == set() with input as _file([object.union(_run([{"words": ["echo", "$TOKEN"], "redirects": [{"operator": ">", "target": "b"}]}]), {"flags": [{"name": "mount", "value": "type=secret,id=t,env=TOKEN"}]})])
	rule.deny == set() with input as _file([object.union(_run([{"words": ["echo", "$TOKEN"], "redirects": [{"operator": ">", "target": "b"}]}]), {"name": "CMD"})])
}
