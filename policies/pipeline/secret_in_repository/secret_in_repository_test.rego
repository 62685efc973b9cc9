package policyctl.pipeline.secret_in_repository_test

import data.policyctl.pipeline.secret_in_repository as rule

_flow := {"address": "f", "secret": {"name": "TOKEN"}, "platform_token": false, "sink": "repository", "command": "git commit", "transformed": [], "masked": "no", "confidence": "exact", "job": "a"}

test_published if {
	rule.deny == {{"path": ["flows", 0], "subject": "f", "message": "git commit in job \"a\" publishes secret TOKEN, which is in key.txt"}} with input as {"flows": [object.union(_flow, {"path": "key.txt"})]}
	rule.deny == {{"path": ["flows", 0], "subject": "f", "message": "gh pr comment in job \"a\" publishes secret TOKEN"}} with input as {"flows": [object.union(_flow, {"command": "gh pr comment"})]}
}

test_not_published if {
	count(rule.deny) == 0 with input as {"flows": [object.union(_flow, {"sink": "file"})]}
}
