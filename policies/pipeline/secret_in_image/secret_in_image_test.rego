package policyctl.pipeline.secret_in_image_test

import data.policyctl.pipeline.secret_in_image as rule

_flow := {"address": "f", "secret": {"name": "TOKEN"}, "platform_token": false, "sink": "image", "command": "docker build", "path": ".npmrc", "transformed": [], "masked": "no", "confidence": "exact", "job": "a"}

test_copied if {
	rule.deny == {{"path": ["flows", 0], "subject": "f", "message": "job \"a\" builds an image with .npmrc, which holds secret TOKEN"}} with input as {"flows": [_flow]}
}

test_not_copied if {
	count(rule.deny) == 0 with input as {"flows": [json.remove(object.union(_flow, {"variable": "T"}), ["path"])]}
}

# While the job runs, or where it is kept: others read it there.
test_token_of_the_job if {
	count(rule.deny) == 1 with input as {"flows": [object.union(_flow, {"platform_token": true})]}
}
