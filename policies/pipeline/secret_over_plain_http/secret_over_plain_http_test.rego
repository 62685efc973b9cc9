package policyctl.pipeline.secret_over_plain_http_test

import data.policyctl.pipeline.secret_over_plain_http as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": false,
			"sink": "network",
			"transformed": [],
			"masked": "yes",
			"confidence": "exact",
			"job": "build",
			"step": 0,
		},
		fields,
	)],
}

test_plain if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "step \"Deploy\" of job \"build\" sends secret KEY to api.example.com over plain http",
		"targets": ["api.example.com"],
	}} with input as _doc({"scheme": "http", "host": "api.example.com"})
}

test_encrypted_or_near if {
	count(rule.deny) == 0 with input as _doc({"scheme": "https", "host": "api.example.com"})
	count(rule.deny) == 0 with input as _doc({"scheme": "http"})
	count(rule.deny) == 0 with input as _doc({"scheme": "http", "host": "vault"})
	count(rule.deny) == 0 with input as _doc({"scheme": "http", "host": "127.0.0.1"})
	count(rule.deny) == 0 with input as _doc({"scheme": "http", "host": "vault.default.svc"})
	count(rule.deny) == 0 with input as {}
}
