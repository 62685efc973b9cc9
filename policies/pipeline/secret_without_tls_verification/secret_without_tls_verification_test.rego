package policyctl.pipeline.secret_without_tls_verification_test

import data.policyctl.pipeline.secret_without_tls_verification as rule

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

test_not_verified if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "curl in step \"Deploy\" of job \"build\" sends secret KEY to a server that it does not verify",
		"targets": ["api.example.com"],
	}} with input as _doc({"command": "curl", "host": "api.example.com", "unverified": true})
}

test_verified if {
	count(rule.deny) == 0 with input as _doc({"command": "curl"})
	count(rule.deny) == 0 with input as _doc({"command": "curl", "unverified": true, "sink": "argv"})
	count(rule.deny) == 0 with input as {}
}

_literal(fields) := {
	"jobs": [{"id": "build"}],
	"steps": [
		{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"},
		{"job": "build", "index": 1, "kind": "shell"},
	],
	"exposures": [{"secret": {"name": "KEY"}, "platform_token": false, "at": "step_env", "job": "build", "step": 0}],
	"literals": [object.union({"address": "jobs.build.env.X", "variable": "GIT_SSL_NO_VERIFY", "value": "True", "at": "job_env", "job": "build"}, fields)],
}

test_variable if {
	rule.deny == {{
		"path": ["literals", 0, "value"],
		"subject": "jobs.build.env.X",
		"message": "GIT_SSL_NO_VERIFY makes job \"build\" accept any server, beside secret KEY",
		"targets": {"secret KEY"},
	}} with input as _literal({})
	count(rule.deny) == 1 with input as _literal({"step": 0})
	count(rule.deny) == 0 with input as _literal({"step": 1})
	count(rule.deny) == 0 with input as _literal({"job": "test"})
	count(rule.deny) == 0 with input as _literal({"value": "0"})
	count(rule.deny) == 0 with input as _literal({"variable": "DEBUG"})
}
