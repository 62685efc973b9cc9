package policyctl.pipeline.default_permissions_on_privileged_trigger_test

import data.policyctl.pipeline.default_permissions_on_privileged_trigger as rule

_doc(explicit, events) := {
	"jobs": [{"id": "a", "open_to": events}, {"id": "b", "open_to": ["comment"]}],
	"identities": [{"address": "jobs.a.identities.platform_token", "job": "a", "kind": "platform_token", "explicit": explicit}],
}

test_default if {
	rule.deny == {{
		"path": ["identities", 0],
		"subject": "jobs.a.identities.platform_token",
		"message": "outsiders can start job \"a\", and no permissions limit its token",
	}} with input as _doc(false, ["pull_request_privileged"])
}

test_limited if {
	count(rule.deny) == 0 with input as _doc(true, ["comment"])
	count(rule.deny) == 0 with input as _doc(false, ["pull_request"])
	count(rule.deny) == 0 with input as _doc(false, ["upstream"])
	count(rule.deny) == 0 with input as _doc(false, [])
	count(rule.deny) == 0 with input as {}
}
