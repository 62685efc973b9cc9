package policyctl.pipeline.persisted_credential_before_dependency_code_test

import data.policyctl.pipeline.persisted_credential_before_dependency_code as rule

_doc(fields) := object.union(
	{
		"platform": "githubactions",
		"checkouts": [{"address": "jobs.a.steps.checkout", "job": "a", "step": 0, "credential": "work_tree"}],
		"steps": [
			{"job": "a", "index": 0, "kind": "component", "component": "actions/checkout@v4"},
			{"job": "a", "index": 1, "kind": "component", "component": "x/y@v1"},
			{"job": "a", "index": 2, "kind": "shell", "script": "npm ci\nnpm test"},
		],
		"components": [{"job": "a", "step": 1, "ref": "x/y@v1", "kind": "action", "first_party": false, "pin": "version"}],
		"identities": [{"kind": "platform_token", "job": "a", "explicit": true, "scopes": [{"name": "contents", "level": "write"}]}],
		"exposures": [],
	},
	fields,
)

_found(token, code, step) := {{
	"path": ["checkouts", 0],
	"subject": "jobs.a.steps.checkout",
	"message": $"step \"actions/checkout\" of job \"a\" leaves on the machine {token}, and {code} of job \"a\" can read it",
	"related": [{"message": "code of others runs here", "path": ["steps", step]}],
}}

test_found if {
	rule.deny == _found("a token that may push", "\"npm ci\" in step 3", 2) with input as _doc({})
	rule.deny == _found("secret PAT", "x/y in step \"x/y\"", 1) with input as _doc({"exposures": [{"job": "a", "step": 0, "at": "input", "platform_token": false, "variable": "token", "secret": {"name": "PAT"}}]})
	count(rule.deny) == 1 with input as _doc({"identities": [{"kind": "platform_token", "job": "a", "all": "write", "scopes": []}]})
	count(rule.deny) == 1 with input as _doc({"platform": "azure", "identities": [{"kind": "platform_token", "job": "a", "explicit": false, "scopes": []}]})
}

test_nothing_to_find if {
	every fields in [
		{"identities": [{"kind": "platform_token", "job": "a", "explicit": true, "scopes": [{"name": "contents", "level": "read"}]}]},
		{"checkouts": [{"address": "jobs.a.steps.checkout", "job": "a", "step": 0, "credential": "removed"}]},
		{"checkouts": [{"address": "jobs.a.steps.checkout", "job": "a", "step": 2, "credential": "work_tree"}]},
		{"platform": "circleci"},
		{"steps": [{"job": "b", "index": 1, "kind": "shell", "script": "npm ci"}]},
		{
			"components": [{"job": "a", "step": 1, "ref": "x/y@v1", "kind": "action", "first_party": false, "pin": "version", "facts": {"permissions": [{"name": "contents", "level": "write"}]}}],
			"steps": [{"job": "a", "index": 1, "kind": "component", "component": "x/y@v1"}],
			"exposures": [{"job": "a", "step": 0, "at": "input", "platform_token": false, "variable": "token", "secret": {"name": "PAT"}}],
		},
	] {
		count(rule.deny) == 0 with input as _doc(fields)
	}
}
