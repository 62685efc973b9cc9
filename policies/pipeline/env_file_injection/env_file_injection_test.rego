package policyctl.pipeline.env_file_injection_test

import data.policyctl.pipeline.env_file_injection as rule

_doc(expression, script) := {
	"untrusted": [{"at": "step_env", "variable": "TEXT", "expression": expression, "job": "a", "step": 0}],
	"steps": [{"job": "a", "index": 0, "script": script, "address": "jobs.a.steps.run"}],
}

_line := `echo "A=$TEXT" >> "$GITHUB_ENV"`

test_injected if {
	rule.deny == {{
		"path": ["untrusted", 0, "expression"],
		"subject": "jobs.a.steps.run",
		"message": "step 1 of job \"a\" writes github.event.comment.body, which an outsider writes, to a file that sets variables",
		"related": [{"message": "it is written here", "path": ["steps", 0, "script"]}],
	}} with input as _doc("github.event.comment.body", _line)
	count(rule.deny) == 1 with input as _doc("github.event.issue.body", "{\n  echo A<<E\n  echo \"${TEXT}\"\n  echo E\n} >> $GITHUB_PATH")
}

test_not_injected if {
	count(rule.deny) == 0 with input as _doc("github.event.issue.title", _line)
	every script in ["echo $TEXT", "echo $TEXTS >> $GITHUB_ENV", "echo A=b >> $GITHUB_ENV", $"E=$(uuidgen)\n{_line}", "echo $TEXT | jq -R . >> $GITHUB_ENV"] {
		count(rule.deny) == 0 with input as _doc("github.event.issue.body", script)
	}
	count(rule.deny) == 0 with input as object.union(_doc("github.event.issue.body", _line), {"untrusted": [{"at": "inline", "expression": "github.event.issue.body"}]})
}

_run(script) := {
	"platform": "githubactions",
	"triggers": [{"event": "upstream"}],
	"components": [{"kind": "action", "owner": "actions", "name": "download-artifact", "job": "a", "step": 0, "inputs": {"run-id": "${{ github.event.workflow_run.id }}"}}],
	"steps": [
		{"job": "a", "index": 0, "kind": "component", "open_to": ["upstream"], "script": ""},
		{"job": "a", "index": 1, "kind": "shell", "open_to": ["upstream"], "script": script, "address": "jobs.a.steps.run"},
	],
}

test_artifacts if {
	count(rule.deny) == 1 with input as _run("cat vars >> $GITHUB_ENV")
	count(rule.deny) == 0 with input as _run("cat vars >> all")
}

_report(script) := {
	"artifacts": [{"job": "a", "variables": true, "paths": ["build.env"]}],
	"steps": [{"job": "a", "index": 0, "script": script, "address": "jobs.a.script"}],
}

test_reports if {
	count(rule.deny) == 1 with input as _report("echo M=$CI_COMMIT_MESSAGE > build.env")
	count(rule.deny) == 0 with input as _report("echo M=$CI_COMMIT_MESSAGE > notes.txt")
	count(rule.deny) == 0 with input as _report("echo M=$CI_COMMIT_TITLE > build.env")
}
