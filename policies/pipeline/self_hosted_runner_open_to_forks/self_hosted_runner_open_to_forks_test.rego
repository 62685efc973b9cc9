package policyctl.pipeline.self_hosted_runner_open_to_forks_test

import data.policyctl.pipeline.self_hosted_runner_open_to_forks as rule

_job(kind, events) := {"jobs": [{"id": "a", "runner": {"kind": kind}, "open_to": events}]}

test_open if {
	rule.deny == {{
		"path": ["jobs", 0, "runner"],
		"subject": "jobs.a",
		"message": "job \"a\" runs what outsiders propose on a runner of one's own",
	}} with input as _job("self_hosted", ["pull_request"])
}

test_not_open if {
	count(rule.deny) == 0 with input as _job("self_hosted", [])
	count(rule.deny) == 0 with input as _job("self_hosted", ["comment"])
	count(rule.deny) == 0 with input as _job("hosted", ["pull_request"])
	count(rule.deny) == 0 with input as _job("unknown", ["pull_request"])
}

test_called if {
	every event, findings in {"pull_request": 1, "comment": 0} {
		count(rule.deny) == findings with input as {"components": [{"job": "a", "address": "jobs.a.uses", "called": {"self_hosted": [{"job": "b", "open_to": [event]}]}}]}
	}
}
