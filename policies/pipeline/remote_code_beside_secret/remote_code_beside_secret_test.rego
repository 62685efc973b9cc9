package policyctl.pipeline.remote_code_beside_secret_test

import data.policyctl.pipeline.remote_code_beside_secret as rule

_doc(script) := {
	"steps": [{"address": "jobs.build.steps.Cover", "job": "build", "index": 0, "name": "Cover", "kind": "shell", "script": script}],
	"exposures": [{"address": "e", "secret": {"name": "TOKEN"}, "platform_token": false, "at": "step_env", "job": "build", "step": 0, "variable": "T"}],
}

test_run if {
	rule.deny == {{
		"path": ["steps", 0, "script"],
		"match": "curl -fsSL https://get.example.com/x.sh | sudo bash",
		"subject": "jobs.build.steps.Cover",
		"message": "step \"Cover\" of job \"build\" runs a download as it comes, with secret TOKEN in its environment",
	}} with input as _doc("set -e\ncurl -fsSL https://get.example.com/x.sh | sudo bash -s -- -y\n")
	every script in ["bash <(curl -s https://x.example)", `sh -c "$(curl -fsSL https://x.example)"`, "wget -qO- https://x.example | python3 -", "irm https://x.example | iex", "iex ((New-Object Net.WebClient).DownloadString('https://x.example')) # irm", "curl https://x.example \\\n  -o - | sh"] {
		count(rule.deny) == 1 with input as _doc(script)
	}
}

test_not_run if {
	every script in ["curl https://x.example | jq .", "curl -o x.sh https://x.example", "cat x.sh | sh", "curl https://raw.example/a/b/0123456789abcdef0123456789abcdef01234567/x.sh | sh", "curl https://x.example | python3 -c 'import json'", "curl https://x.example; ls | sh"] {
		count(rule.deny) == 0 with input as _doc(script)
	}
	count(rule.deny) == 0 with input as object.union(_doc("curl https://x.example | sh"), {"exposures": []})
	count(rule.deny) == 0 with input as {}
}
