package policyctl.pipeline.automatic_approval_test

import data.policyctl.pipeline.automatic_approval as rule

_script(script) := {"steps": [{"job": "a", "index": 0, "script": script, "address": "jobs.a.steps.run"}]}

_action(owner, name) := {
	"steps": [{"job": "a", "index": 0, "script": ""}],
	"components": [{"kind": "action", "owner": owner, "name": name, "job": "a", "step": 0, "address": "jobs.a.steps.x.uses"}],
}

test_approved if {
	rule.deny == {{
		"path": ["steps", 0, "script"],
		"match": "gh pr merge --auto",
		"subject": "jobs.a.steps.run",
		"message": "step 1 of job \"a\" approves or merges a change that nobody looked at",
	}} with input as _script("gh pr merge --auto --squash $URL")
	every script in ["gh pr review $URL --approve", "gh pr review -a $URL", "glab mr approve"] {
		count(rule.deny) == 1 with input as _script(script)
	}
	count(rule.deny) == 1 with input as _action("hmarr", "auto-approve-action")
}

test_not_approved if {
	every script in ["gh pr review $URL --comment", "gh pr merge $URL", "gh pr review $URL; x --approve", "gh pr edit --add-label a"] {
		count(rule.deny) == 0 with input as _script(script)
	}
	count(rule.deny) == 0 with input as _action("hmarr", "other")
}
