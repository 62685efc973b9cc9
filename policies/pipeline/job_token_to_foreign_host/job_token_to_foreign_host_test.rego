package policyctl.pipeline.job_token_to_foreign_host_test

import data.policyctl.pipeline.job_token_to_foreign_host as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": true,
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

test_foreign if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "step \"Deploy\" of job \"build\" sends KEY, the token of the job, to api.example.com",
		"targets": ["api.example.com"],
	}} with input as _doc({"host": "api.example.com"})
}

test_own if {
	count(rule.deny) == 0 with input as _doc({"host": "api.github.com"})
	count(rule.deny) == 0 with input as _doc({"host": "github.example.com"})
	count(rule.deny) == 0 with input as _doc({"host": "ghcr.io"})
	count(rule.deny) == 0 with input as _doc({"platform_token": false, "host": "api.example.com"})
	count(rule.deny) == 0 with input as _doc({"host": "mirror"})
	count(rule.deny) == 0 with input as _doc({"sink": "argv", "host": "api.example.com"})
	count(rule.deny) == 0 with input as _doc({"command": "curl"})
	count(rule.deny) == 0 with input as object.union(_doc({"host": "git.example.com"}), {"platform": "gitlab"})
	count(rule.deny) == 0 with input as object.union(_doc({"host": "dev.azure.com"}), {"platform": "azure"})
	count(rule.deny) == 0 with input as object.union(_doc({"host": "api.example.com"}), {"platform": "circleci"})
	count(rule.deny) == 0 with input as {}
}

_sent(script) := object.union(_doc({"host": "x.example.com", "command": "curl"}), {"platform": "gitlab", "steps": [{"job": "build", "index": 0, "kind": "shell", "script": script}]})

test_gitlab_by_path if {
	every script in ["curl https://x.example.com", "curl 'https://u:p@x.example.com:8443/v1/x'"] {
		count(rule.deny) == 1 with input as _sent(script)
	}
	every script in ["curl $URL", "curl https://x.example.com/api/v4/x", "curl https://x.example.com/$P", "curl https://x.example.com.other/v1", "curl https://x.example.com/v1 https://x.example.com/api/v4"] {
		count(rule.deny) == 0 with input as _sent(script)
	}
}

test_gitlab if {
	count(rule.deny) == 1 with input as object.union(_doc({"host": "hooks.slack.com"}), {"platform": "gitlab"})
}
