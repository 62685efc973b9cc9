package policyctl.githubactions.app_token_without_scope_test

import data.policyctl.githubactions.app_token_without_scope as rule

_step(uses, inputs) := {"jobs": {"a": {"steps": [{"uses": uses, "with": inputs}]}}}

_wide := {"path": ["jobs", "a", "steps", 0, "uses"], "message": "the app token has every right of the app; limit it by permission inputs"}

test_every_right if {
	rule.deny == {_wide} with input as _step("actions/create-github-app-token@v3", {"app-id": 5})
	rule.deny == {_wide} with input as _step("Tibdex/github-app-token@v2", {"app_id": 5})
	rule.deny == {_wide} with input as _step("actions/create-github-app-token@v3", 5)
}

test_limited if {
	count(rule.deny) == 0 with input as _step("actions/create-github-app-token@v3", {"Permission-Contents": "read"})
	count(rule.deny) == 0 with input as _step("tibdex/github-app-token@v2", {"permissions": "{}"})
	count(rule.deny) == 0 with input as _step("actions/checkout@v5", {"app-id": 5})
	count(rule.deny) == 0 with input as _step(5, {})
	count(rule.deny) == 0 with input as {"jobs": {"a": {"steps": [{"run": "x"}]}}}
}
