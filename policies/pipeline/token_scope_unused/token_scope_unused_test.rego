package policyctl.pipeline.token_scope_unused_test

import data.policyctl.pipeline.token_scope_unused as rule

_identity(fields) := object.union(
	{"kind": "platform_token", "explicit": true, "declared_at": "job", "job": "a", "address": "jobs.a.identities.platform_token", "scopes": [{"name": "packages", "level": "write"}]},
	fields,
)

_facts(permissions) := {"does": ["publish"], "scripts": [], "permissions": permissions, "credentials": [{"input": "token", "kind": "platform_token"}]}

_doc(fields) := object.union(
	{
		"identities": [_identity({})],
		"steps": [
			{"kind": "component", "job": "a", "index": 0, "component": "x"},
			{"kind": "shell", "job": "a", "index": 1, "script": "make"},
		],
		"components": [{"ref": "x", "job": "a", "step": 0, "facts": _facts([{"name": "contents", "level": "write"}])}],
		"exposures": [],
		"gaps": [],
	},
	fields,
)

_exposure(fields) := {"exposures": [object.union({"platform_token": true, "at": "input", "job": "a", "step": 0, "component": "x", "variable": "Token"}, fields)]}

test_unused if {
	rule.deny == {{
		"path": ["identities", 0, "scopes", 0, "level"],
		"subject": "jobs.a.identities.platform_token",
		"message": "nothing in a needs to write packages",
		"fix": {"op": "replace", "path": ["identities", 0, "scopes", 0, "packages"], "value": "read"},
	}} with input as _doc({})
	count(rule.deny) == 1 with input as _doc(_exposure({}))
	count(rule.deny) == 1 with input as _doc(_exposure({"at": "step_env"}))
	count(rule.deny) == 1 with input as _doc(_exposure({"at": "condition"}))
	count(rule.deny) == 1 with input as _doc(_exposure({"job": "b"}))
	count(rule.deny) == 1 with input as _doc({"identities": [_identity({"declared_at": "pipeline"})]})
}

test_of_all_jobs if {
	count(rule.deny) == 0 with input as _doc({"identities": [_identity({"declared_at": "pipeline"}), _identity({"declared_at": "pipeline", "job": "b"})]})
}

test_needed_or_unknown if {
	every fields in [
		{"components": [{"ref": "x", "job": "a", "step": 0, "facts": _facts([{"name": "packages", "level": "write"}])}]},
		{"components": []},
		{"components": [{"ref": "x", "job": "a", "step": 0, "facts": _facts([])}]},
		_exposure({"step": 1, "at": "step_env"}),
		_exposure({"at": "job_env"}),
		_exposure({"variable": "password"}),
		{"gaps": [{"job": "a"}]},
		{"steps": []},
		{"identities": [_identity({"scopes": [{"name": "packages", "level": "read"}]})]},
		{"identities": [_identity({"scopes": [{"name": "id-token", "level": "write"}]})]},
	] {
		count(rule.deny) == 0 with input as _doc(fields)
	}
}

test_contents if {
	contents := {"identities": [_identity({"scopes": [{"name": "contents", "level": "write"}]})]}
	read := {"components": [{"ref": "x", "job": "a", "step": 0, "facts": _facts([{"name": "contents", "level": "read"}])}]}
	count(rule.deny) == 0 with input as _doc(object.union(contents, read))
	trivial := {"steps": [{"kind": "component", "job": "a", "index": 0, "component": "x"}, {"kind": "shell", "job": "a", "index": 1, "script": "echo hi"}]}
	count(rule.deny) == 1 with input as _doc(object.union(object.union(contents, read), trivial))
}
