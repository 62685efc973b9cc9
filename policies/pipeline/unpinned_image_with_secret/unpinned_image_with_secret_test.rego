package policyctl.pipeline.unpinned_image_with_secret_test

import data.policyctl.pipeline.unpinned_image_with_secret as rule

_doc(platform, image, container) := {
	"platform": platform,
	"jobs": [{"id": "a", "container": container}],
	"components": [object.union({"kind": "image", "pin": "version", "first_party": false, "ref": "node:24", "address": "jobs.a.image", "job": "a"}, image)],
	"exposures": [{"secret": {"name": "T"}, "platform_token": false, "at": "step_env", "job": "a", "step": 0}],
}

test_runs if {
	rule.deny == {{
		"path": ["components", 0, "ref"],
		"subject": "jobs.a.image",
		"message": "job \"a\" runs node:24, whose tag can be moved, with secret T",
	}} with input as _doc("githubactions", {}, "node:24")
	count(rule.deny) == 1 with input as _doc("buildkite", {"step": 0}, "")
	count(rule.deny) == 1 with input as _doc("gitlab", {"ref": "postgres"}, "node:24")
	count(rule.deny) == 1 with input as json.remove(_doc("jenkins", {}, "node:24"), ["components/0/job"])
}

test_does_not_run if {
	every image in [{"pin": "digest"}, {"pin": "unknown"}, {"first_party": true}, {"kind": "action"}, {"ref": "postgres:17"}] {
		count(rule.deny) == 0 with input as _doc("githubactions", image, "node:24")
	}
	count(rule.deny) == 0 with input as object.union(_doc("githubactions", {}, "node:24"), {"exposures": []})
}
