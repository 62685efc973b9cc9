package policyctl.pipeline.persisted_credential_test

import data.policyctl.pipeline.persisted_credential as rule

_doc(fields) := object.union(
	{
		"platform": "githubactions",
		"checkouts": [{"address": "jobs.a.steps.checkout", "job": "a", "step": 0, "credential": "work_tree"}],
		"steps": [
			{"job": "a", "index": 0, "kind": "component", "component": "actions/checkout@v4"},
			{"job": "a", "index": 1, "kind": "component", "component": "x/y@v1"},
			{"job": "a", "index": 2, "kind": "shell", "script": "go test ./..."},
		],
		"components": [{"job": "a", "step": 1, "ref": "x/y@v1", "facts": {"scripts": [], "permissions": [{"name": "contents", "level": "read"}]}}],
		"gaps": [],
	},
	fields,
)

test_left if {
	rule.deny == {{
		"path": ["checkouts", 0],
		"subject": "jobs.a.steps.checkout",
		"message": "step \"actions/checkout\" of job \"a\" leaves its token on the machine, where step 3 of job \"a\" finds it without a need",
		"related": [{"message": "code runs beside the token", "path": ["steps", 2]}],
		"fix": {"op": "add", "path": ["checkouts", 0, "with", "persist-credentials"], "value": false},
	}} with input as _doc({})
}

test_needed_unknown_or_gone if {
	every fields in [
		{"steps": [{"job": "a", "index": 2, "kind": "shell", "script": "make\ngit push"}]},
		{"steps": [{"job": "a", "index": 2, "kind": "shell", "script": "echo hi"}]},
		{"components": []},
		{"components": [{"job": "a", "step": 1, "ref": "x/y@v1", "facts": {"scripts": [], "permissions": [{"name": "contents", "level": "write"}]}}]},
		{"components": [{"job": "a", "step": 1, "ref": "x/y@v1", "facts": {"scripts": ["run"], "permissions": []}}]},
		{"gaps": [{"job": "a"}]},
		{"checkouts": [{"address": "jobs.a.steps.checkout", "job": "a", "step": 0, "credential": "removed"}]},
	] {
		count(rule.deny) == 0 with input as _doc(fields)
	}
}

test_said_by_the_other_rule if {
	count(rule.deny) == 0 with input as _doc({
		"steps": [{"job": "a", "index": 2, "kind": "shell", "script": "npm ci"}],
		"identities": [{"kind": "platform_token", "job": "a", "all": "write"}],
	})
}
