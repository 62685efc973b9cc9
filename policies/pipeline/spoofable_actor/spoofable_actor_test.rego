package policyctl.pipeline.spoofable_actor_test

import data.policyctl.pipeline.spoofable_actor as rule

_check(events) := {"actor_checks": [{"address": "jobs.merge.if", "condition": "github.actor == 'dependabot[bot]'", "job": "merge", "actor": "dependabot[bot]", "events": events}]}

test_a_bot_can_be_brought_about if {
	every event in ["pull_request_privileged", "upstream"] {
		rule.deny == {{
			"path": ["actor_checks", 0, "condition"],
			"subject": "jobs.merge.if",
			"message": "job \"merge\" is kept from outsiders only by the actor being dependabot[bot], which they can bring about",
		}} with input as _check([event])
	}
}

test_other_events if {
	count(rule.deny) == 0 with input as _check(["pull_request", "comment", "call"])
	count(rule.deny) == 0 with input as {}
}
