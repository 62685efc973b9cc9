package policyctl.pipeline.permissions_missing_test

import data.policyctl.pipeline.permissions_missing as rule

_token(job, explicit) := {"job": job, "kind": "platform_token", "explicit": explicit}

test_missing if {
	rule.deny == {{
		"path": ["identities", 1],
		"subject": "permissions",
		"message": "the tokens of b, c have whatever rights the settings give them",
	}} with input as {"platform": "githubactions", "identities": [_token("a", true), _token("b", false), _token("c", false)]}
}

test_there if {
	count(rule.deny) == 0 with input as {"platform": "githubactions", "identities": [_token("a", true)]}
	count(rule.deny) == 0 with input as {"platform": "githubactions", "identities": [{"job": "a", "kind": "oidc", "explicit": false}]}
	count(rule.deny) == 0 with input as {"platform": "azure", "identities": [_token("b", false)]}
	count(rule.deny) == 0 with input as {}
}

_facts(fields) := object.union({"scripts": [], "issued": [], "oidc": "no", "does": [], "permissions": []}, fields)

_job(fields) := object.union(
	{
		"platform": "githubactions",
		"identities": [_token("a", false)],
		"steps": [{"kind": "component", "job": "a", "index": 0, "component": "x"}, {"kind": "shell", "job": "a", "index": 1, "script": "./test.sh"}],
		"components": [_component(false, {"permissions": [{"name": "contents", "level": "read"}]})],
		"checkouts": [{"job": "a", "step": 0, "credential": "removed"}],
		"exposures": [],
		"gaps": [],
	},
	fields,
)

_component(first_party, facts) := {"ref": "x", "job": "a", "step": 0, "first_party": first_party, "facts": _facts(facts)}

_fixes(document) := count([found.fix | some found in all]) if {
	all := rule.deny with input as document
}

_shell(script) := [{"kind": "shell", "job": "a", "index": 0, "script": script}]

test_fix if {
	every fields in [
		{},
		{"components": [_component(true, {})]},
		{"steps": _shell("go vet ./..."), "checkouts": [{"job": "a", "step": 0, "credential": "beside"}]},
		{"steps": _shell("./test.sh"), "checkouts": [{"job": "b", "step": 0, "credential": "beside"}]},
	] {
		_fixes(_job(fields)) == 1
	}
}

test_no_fix if {
	every fields in [
		{"components": []},
		{"components": [_component(false, {})]},
		{"components": [_component(true, {"permissions": [{"name": "contents", "level": "write"}]})]},
		{"components": [_component(true, {"permissions": [{"name": "issues", "level": "read"}]})]},
		{"components": [_component(true, {"scripts": ["script"]})]},
		{"components": [_component(true, {"oidc": "possible"})]},
		{"components": [_component(true, {"does": ["publish"]})]},
		{"steps": []},
		{"steps": _shell("cosign sign x")},
		{"steps": _shell("git fetch"), "checkouts": [{"job": "a", "step": 0, "credential": "beside"}]},
		{"steps": _shell("./test.sh"), "checkouts": [{"job": "a", "step": 0, "credential": "beside"}]},
		{"steps": _shell("make"), "checkouts": [{"job": "a", "step": 0, "credential": "beside"}]},
		{"gaps": [{"job": "a"}]},
		{"triggers": [{"event": "push"}, {"event": "call"}]},
		{"exposures": [{"platform_token": true, "at": "job_env", "job": "a"}]},
		{"identities": [_token("a", false), _token("b", false)]},
	] {
		_fixes(_job(fields)) == 0
	}
}

test_called_only if {
	count(rule.deny) == 0 with input as _job({"triggers": [{"event": "call"}]})
	count(rule.deny) == 1 with input as _job({"triggers": [{"event": "push"}, {"event": "call"}]})
}
