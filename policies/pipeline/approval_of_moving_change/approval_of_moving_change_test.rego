package policyctl.pipeline.approval_of_moving_change_test

import data.policyctl.pipeline.approval_of_moving_change as rule

_doc(triggers, condition, fields) := object.union(
	{
		"platform": "githubactions",
		"triggers": triggers,
		"jobs": [{"id": "a", "condition": condition}],
		"checkouts": [{"job": "a", "step": 0, "source": "change", "address": "jobs.a.steps.checkout"}],
		"steps": [{"job": "a", "index": 0, "kind": "component", "open_to": []}, {"job": "a", "index": 1, "kind": "shell", "open_to": []}],
		"exposures": [{"secret": {"name": "T"}, "platform_token": false, "at": "step_env", "job": "a", "step": 0}],
	},
	fields,
)

_comment := [{"event": "comment", "from_fork": "yes"}, {"event": "manual", "from_fork": "no"}]

_member := "github.event.comment.author_association == 'MEMBER'"

_label := "contains(github.event.pull_request.labels.*.name, 'safe')"

test_moving if {
	rule.deny == {{
		"path": ["checkouts", 0],
		"subject": "jobs.a.steps.checkout",
		"message": "step 1 of job \"a\" fetches whatever the pull request holds by then, not what the comment was about",
	}} with input as _doc(_comment, _member, {})
	count(rule.deny) == 1 with input as _doc(array.concat(_comment, [{"event": "push", "from_fork": "no"}]), _member, {})
	count(rule.deny) == 1 with input as _doc([{"event": "pull_request_privileged", "from_fork": "yes"}], _label, {})
	both := array.concat(_comment, [{"event": "pull_request_privileged", "from_fork": "yes"}])
	count(rule.deny) == 1 with input as _doc(both, $"{_member} || {_label}", {})
	every identity in [{"all": "write"}, {"scopes": [{"name": "contents", "level": "write"}]}] {
		count(rule.deny) == 1 with input as _doc(_comment, _member, {"exposures": [], "identities": [object.union({"job": "a"}, identity)]})
	}
}

_labeled(ref) := _doc([{"event": "pull_request_privileged", "from_fork": "no"}], "", {"components": [{"job": "a", "step": 0, "inputs": {"ref": ref}}]})

test_named if {
	every ref in ["${{ github.event.pull_request.head.ref }}", "${{ github.head_ref }}", "refs/pull/${{ github.event.number }}/merge"] {
		count(rule.deny) == 1 with input as _labeled(ref)
	}
	count(rule.deny) == 0 with input as _labeled("${{ github.event.pull_request.head.sha }}")
	count(rule.deny) == 0 with input as object.union(_labeled("${{ github.head_ref }}"), {"exposures": []})
}

test_not_moving if {
	count(rule.deny) == 0 with input as _doc([{"event": "pull_request_privileged", "from_fork": "no"}], _label, {})
	count(rule.deny) == 0 with input as _doc([{"event": "pull_request", "from_fork": "yes"}], _label, {})
	every fields in [{"exposures": []}, {"steps": []}, {"checkouts": [{"job": "a", "step": 0, "source": "default"}]}] {
		count(rule.deny) == 0 with input as _doc(_comment, _member, fields)
	}
	open := [{"job": "a", "index": 1, "kind": "shell", "open_to": ["comment"]}]
	count(rule.deny) == 0 with input as _doc(_comment, _member, {"steps": open})
	count(rule.deny) == 0 with input as _doc(_comment, _member, {"exposures": [], "identities": [{"job": "a", "scopes": [{"name": "issues", "level": "write"}]}]})
}
