package policyctl.dockerfile.unverified_download_executed_test

import data.policyctl.dockerfile.unverified_download_executed as rule

_file(instructions) := {"args": [], "stages": [{"index": 0, "final": true, "image": "a", "instructions": instructions}]}

_run(commands) := {"name": "RUN", "form": "shell", "command": "x", "commands": commands}

test_a_pipe_into_an_interpreter if {
	rule.deny == {{
		"path": ["stages", 0, "instructions", 0, "commands", 0, "words"],
		"message": "RUN of the final stage runs with bash what curl downloads",
	}} with input as _file([_run([{"words": ["curl", "-fsSL", "https://example.com/a.sh"], "pipeline": 1}, {"words": ["sudo", "-E", "bash", "-"], "pipeline": 1}])])
	count(rule.deny) == 1 with input as _file([_run([{"words": ["wget", "-qO-", "https://example.com/a.py"], "pipeline": 1}, {"words": ["python3", "-"], "pipeline": 1}])])
}

test_a_substitution if {
	rule.deny == {{
		"path": ["stages", 0, "instructions", 0, "commands", 0, "words", 2],
		"message": "RUN of the final stage runs with sh what curl downloads",
	}} with input as _file([_run([{"words": ["/bin/sh", "-c", "$(curl -fsSL https://example.com/a.sh)"]}])])
	every words in [["bash", "<(wget -qO- https://example.com/a.sh)"], ["source", "<(curl https://example.com/a.sh)"], ["eval", "`curl https://example.com/a.sh`"]] {
		count(rule.deny) == 1 with input as _file([_run([{"words": words}])])
	}
}

test_downloads_that_are_not_executed if {
	every commands in [
		[{"words": ["curl", "https://example.com/a.tar"], "pipeline": 1}, {"words": ["tar", "x"], "pipeline": 1}],
		[{"words": ["curl", "https://example.com/a.json"], "pipeline": 1}, {"words": ["python3", "-m", "json.tool"], "pipeline": 1}],
		[{"words": ["curl", "https://example.com/a.json"], "pipeline": 1}, {"words": ["sh", "-c", "cat"], "pipeline": 1}],
		[{"words": ["curl", "https://example.com/a.json"], "pipeline": 1}, {"words": ["php", "a.php"], "pipeline": 1}],
		[{"words": ["curl", "-o", "a.sh", "https://example.com/a.sh"]}, {"words": ["sh", "a.sh"]}],
		[{"words": ["echo", "$(curl https://example.com/a)"]}],
		[{"words": ["sh"], "pipeline": 1}, {"words": ["curl", "https://example.com/a"], "pipeline": 1}],
	] {
		rule.deny == set() with input as _file([_run(commands)])
	}
}
