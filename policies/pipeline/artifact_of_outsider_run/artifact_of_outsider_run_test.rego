package policyctl.pipeline.artifact_of_outsider_run_test

import data.policyctl.pipeline.artifact_of_outsider_run as rule

_doc(path, script) := {
	"platform": "githubactions",
	"triggers": [{"event": "upstream"}],
	"components": [{"kind": "action", "owner": "actions", "name": "download-artifact", "job": "a", "step": 0, "inputs": {"run-id": "${{ github.event.workflow_run.id }}", "path": path}}],
	"steps": [
		{"job": "a", "index": 0, "kind": "component", "open_to": ["upstream"]},
		{"job": "a", "index": 1, "kind": "shell", "open_to": ["upstream"], "script": script, "address": "jobs.a.steps.run"},
	],
}

test_runs if {
	rule.deny == {{
		"path": ["steps", 1, "script"],
		"match": "npm ci",
		"subject": "jobs.a.steps.run",
		"message": "step 2 of job \"a\" runs npm ci beside an artifact that an outsider's run made",
		"related": [{"message": "it is fetched here", "path": ["components", 0, "ref"]}],
	}} with input as _doc("", "npm ci")
	every script in ["source out/env", "out/tool", "cd x && ./out/tool", "docker load -i out/image.tar"] {
		count(rule.deny) == 1 with input as _doc("out", script)
	}
}

test_does_not_run if {
	every script in ["cat out/number", "npm ci", "number=$(cat out/number)", "echo out/tool", "bash router/x"] {
		count(rule.deny) == 0 with input as _doc("out", script)
	}
	count(rule.deny) == 0 with input as _doc("${{ runner.temp }}/out", "npm ci")
	count(rule.deny) == 0 with input as _doc("", "cat number")
}
