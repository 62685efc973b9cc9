package policyctl.pipeline.secret_during_dependency_install_test

import data.policyctl.pipeline.secret_during_dependency_install as rule

_doc(script) := {
	"steps": [{"address": "jobs.build.steps.Install", "job": "build", "index": 0, "name": "Install", "kind": "shell", "script": script}],
	"exposures": [{"address": "e", "secret": {"name": "TOKEN"}, "platform_token": false, "at": "step_env", "job": "build", "step": 0, "variable": "T"}],
}

test_install if {
	rule.deny == {{
		"path": ["steps", 0, "script"],
		"match": "npm ci",
		"subject": "jobs.build.steps.Install",
		"message": "\"npm ci\" in step \"Install\" of job \"build\" runs code of dependencies with secret TOKEN in its environment",
	}} with input as _doc("cd web\nnpm ci\nnpm publish")
	every script in ["yarn", "cd a && pnpm install", "sudo pip install -r requirements.txt", "python -m pip install x", "bundle install", "uv sync", "cargo build --release", "composer install"] {
		count(rule.deny) == 1 with input as _doc(script)
	}
}

test_no_install if {
	every script in ["npm ci --ignore-scripts", "npm publish", "yarn publish", "echo npm ci", "# npm ci", "docker build .", "apt-get install jq", "pip install --only-binary :all: x"] {
		count(rule.deny) == 0 with input as _doc(script)
	}
	count(rule.deny) == 0 with input as object.union(_doc("npm ci"), {"exposures": []})
	count(rule.deny) == 0 with input as {}
}
