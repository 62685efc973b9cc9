package policyctl.pipeline.cache_in_publishing_job_test

import data.policyctl.pipeline.cache_in_publishing_job as rule

_doc(job, does) := {
	"caches": [{"job": "a", "step": 0, "address": "jobs.a.steps.cache"}],
	"components": [{"job": job, "step": 1, "facts": {"does": does}}],
	"steps": [{"job": "a", "index": 0}],
}

test_publishes if {
	rule.deny == {{
		"path": ["caches", 0],
		"subject": "jobs.a.steps.cache",
		"message": "step 1 of job \"a\" takes files from a cache, and the job publishes",
		"related": [{"message": "it publishes here", "path": ["components", 0, "ref"]}],
	}} with input as _doc("a", ["publish"])
}

test_does_not_publish if {
	count(rule.deny) == 0 with input as _doc("b", ["publish"])
	count(rule.deny) == 0 with input as _doc("a", ["login"])
}

test_a_script_publishes if {
	doc := {"caches": [{"job": "a", "step": 0, "address": "jobs.a.steps.cache"}], "components": []}
	rule.deny == {{
		"path": ["caches", 0],
		"subject": "jobs.a.steps.cache",
		"message": "job \"a\" takes files from a cache, and the job publishes",
		"related": [{"message": "it publishes here", "path": ["steps", 0, "script"]}],
	}} with input as object.union(doc, {"steps": [{"job": "a", "index": 1, "script": "npm ci && npm publish"}]})
	every script in ["npm publish --dry-run", "npm test # to publish"] {
		count(rule.deny) == 0 with input as object.union(doc, {"steps": [{"job": "a", "index": 1, "script": script}]})
	}
	count(rule.deny) == 1 with input as object.union(_doc("a", ["publish"]), {"steps": [{"job": "a", "index": 0, "script": "npm publish"}]})
}
