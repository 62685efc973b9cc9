package policyctl.pipeline.privileged_checkout_test

import data.policyctl.pipeline.privileged_checkout as rule

_doc(source, event, after) := {
	"steps": [
		{"job": "build", "index": 0, "kind": "component", "component": "actions/checkout@v5", "open_to": [event]},
		object.union({"job": "build", "index": 1, "open_to": [event]}, after),
		{"job": "other", "index": 5, "kind": "shell", "open_to": [event]},
	],
	"components": [
		{"ref": "actions/checkout@v5", "kind": "action", "owner": "actions", "name": "checkout", "pin": "version", "job": "build", "step": 0},
		{"ref": "./x", "kind": "action", "name": "x", "pin": "local", "job": "build", "step": 1},
		{"ref": "docker/build-push-action@v6", "kind": "action", "owner": "docker", "name": "build-push-action", "pin": "version", "job": "build", "step": 1},
		{"ref": "actions/labeler@v6", "kind": "action", "owner": "actions", "name": "labeler", "pin": "version", "job": "build", "step": 1},
	],
	"checkouts": [{"address": "jobs.build.steps.actions/checkout", "job": "build", "step": 0, "source": source, "credential": "work_tree"}],
}

_script := {"kind": "shell", "script": "make"}

test_what_is_checked_out_runs if {
	every event in ["pull_request_privileged", "comment", "upstream"] {
		rule.deny == {{
			"path": ["checkouts", 0],
			"subject": "jobs.build.steps.actions/checkout",
			"message": "step \"actions/checkout\" of job \"build\" checks out what an outsider proposes, and a later step runs it beside the token of the job",
			"related": [{"message": "what was checked out can run here", "path": ["steps", 1]}],
		}} with input as _doc("change", event, _script)
	}
	count(rule.deny) == 1 with input as _doc("change", "comment", {"kind": "component", "component": "./x"})
	count(rule.deny) == 1 with input as _doc("change", "comment", {"kind": "component", "component": "docker/build-push-action@v6"})
}

test_a_script_that_checks_out if {
	count(rule.deny) == 1 with input as {
		"steps": [{"job": "build", "index": 0, "kind": "shell", "open_to": ["comment"]}],
		"checkouts": [{"address": "jobs.build.steps.run", "job": "build", "step": 0, "source": "change", "credential": "unknown"}],
	}
}

test_nothing_runs_or_nobody_can_start_it if {
	count(rule.deny) == 0 with input as _doc("default", "comment", _script)
	count(rule.deny) == 0 with input as _doc("change", "pull_request", _script)
	count(rule.deny) == 0 with input as _doc("change", "comment", {"kind": "component", "component": "actions/labeler@v6"})
	count(rule.deny) == 0 with input as {}
}

test_a_called_pipeline_checks_out if {
	every row in [["comment", ["ls", "make"], 1], ["comment", ["ls"], 0], ["pull_request", ["make"], 0]] {
		count(rule.deny) == row[2] with input as {
			"jobs": [{"id": "build", "open_to": [row[0]]}],
			"checkouts": [{"address": "jobs.build.with.ref", "job": "build", "step": -1, "source": "change", "credential": "unknown", "runs": row[1]}],
		}
	}
}

test_only_reads if {
	count(rule.deny) == 0 with input as _doc("change", "comment", {"kind": "shell", "script": "wc -l README.md && git diff --stat"})
	count(rule.deny) == 1 with input as _doc("change", "comment", {"kind": "shell", "script": "git diff --stat; make"})
}
