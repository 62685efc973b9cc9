package policyctl.pipeline.condition_matches_part_of_name_test

import data.policyctl.pipeline.condition_matches_part_of_name as rule

_doc(event, condition) := {"platform": "githubactions", "triggers": [{"event": event}], "jobs": [{"id": "a", "condition": condition}]}

test_part if {
	rule.deny == {{
		"path": ["jobs", 0, "condition"],
		"match": "contains('ann bob', github.actor)",
		"subject": "jobs.a",
		"message": "the condition of job \"a\" is met by any part of github.actor, which outsiders choose",
	}} with input as _doc("comment", "x && contains('ann bob', github.actor)")
	every condition in ["contains(github.actor, 'bot')", "startsWith(github.head_ref, 'release')", "endsWith(github.event.comment.user.login, '-ci')"] {
		count(rule.deny) == 1 with input as _doc("pull_request_privileged", condition)
	}
}

test_whole if {
	every condition in [
		"contains(fromJSON('[\"a\"]'), github.actor)",
		"contains(github.actor, '[bot]')",
		"!contains(github.actor, 'bot')",
		"contains(github.ref, 'main')",
		"github.actor == 'ann'",
		"startsWith(github.head_ref, 'release') && github.event.pull_request.head.repo.full_name == github.repository",
	] {
		count(rule.deny) == 0 with input as _doc("comment", condition)
	}
	count(rule.deny) == 0 with input as _doc("pull_request", "contains('ann bob', github.actor)")
}

_beside_secrets(condition) := object.union(_doc("push", condition), {"exposures": [{"secret": {"name": "T"}, "platform_token": false, "at": "job_env", "job": "a"}]})

test_part_as_branch if {
	rule.deny == {{
		"path": ["jobs", 0, "condition"],
		"match": "contains('refs/heads/main refs/heads/dev', github.ref)",
		"subject": "jobs.a",
		"message": "the condition of job \"a\" is met by any part of its text as github.ref: a branch of such a name passes",
	}} with input as _beside_secrets("contains('refs/heads/main refs/heads/dev', github.ref)")
	count(rule.deny) == 1 with input as _beside_secrets("contains('main,dev', github.event.pull_request.base.ref)")
	count(rule.deny) == 0 with input as _doc("push", "contains('main dev', github.ref_name)")
	every condition in ["contains(fromJSON('[\"main\", \"dev\"]'), github.ref_name)", "!contains('main dev', github.ref_name)", "contains(github.ref, 'release')", "github.ref == 'refs/heads/main'"] {
		count(rule.deny) == 0 with input as _beside_secrets(condition)
	}
}
