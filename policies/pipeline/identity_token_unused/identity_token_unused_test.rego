package policyctl.pipeline.identity_token_unused_test

import data.policyctl.pipeline.identity_token_unused as rule

_identity(fields) := object.union({"kind": "oidc", "explicit": true, "declared_at": "job", "job": "a", "address": "jobs.a.identities.oidc"}, fields)

_step(facts) := {
	"identities": [_identity({})],
	"steps": [{"kind": "component", "job": "a", "index": 0, "component": "x"}],
	"components": [{"ref": "x", "job": "a", "step": 0, "facts": object.union({"oidc": "no", "scripts": [], "does": [], "permissions": []}, facts)}],
	"gaps": [],
}

_script(script, name) := {
	"identities": [_identity({"name": name})],
	"steps": [{"kind": "shell", "job": "a", "index": 0, "script": script}],
	"gaps": [],
}

test_unused if {
	rule.deny == {{"path": ["identities", 0], "subject": "jobs.a.identities.oidc", "message": "nothing in a uses the identity token that it may ask for"}} with input as _step({})
	rule.deny == {{"path": ["identities", 0], "subject": "jobs.a.identities.oidc", "message": "nothing in a uses identity token T"}} with input as _script("echo hi", "T")
	count(rule.deny) == 1 with input as _step({"oidc": "possible", "does": ["login"]})
}

test_used_or_unknown if {
	every facts in [{"oidc": "used"}, {"scripts": ["run"]}, {"does": ["publish"]}, {"permissions": [{"name": "id-token", "level": "write"}]}] {
		count(rule.deny) == 0 with input as _step(facts)
	}
	count(rule.deny) == 0 with input as _script("make", "T")
	count(rule.deny) == 0 with input as _script("echo $T", "T")
	count(rule.deny) == 0 with input as object.union(_step({}), {"components": []})
	count(rule.deny) == 0 with input as object.union(_step({}), {"gaps": [{"job": "a"}]})
	count(rule.deny) == 0 with input as object.union(_step({}), {"steps": []})
	count(rule.deny) == 0 with input as object.union(_step({}), {"identities": [_identity({"explicit": false})]})
}

test_inherited if {
	inherited := {"identities": [_identity({"declared_at": "pipeline"}), _identity({"declared_at": "pipeline", "job": "b"})]}
	count(rule.deny) == 0 with input as object.union(_step({}), inherited)
	count(rule.deny) == 1 with input as object.union(_step({}), {"identities": [inherited.identities[0]]})
}

test_variables if {
	doc := object.union(_script("make", "T"), {"exposures": [{"address": "jobs.a.identities.oidc", "readers": [{"uses": "no"}, {"uses": "no"}]}]})
	count(rule.deny) == 1 with input as doc
	count(rule.deny) == 0 with input as object.union(doc, {"exposures": [{"address": "jobs.a.identities.oidc", "readers": [{"uses": "no"}, {"uses": "unknown"}]}]})
	count(rule.deny) == 0 with input as object.union(doc, {"exposures": [{"address": "jobs.a.identities.oidc", "readers": []}]})
}

test_shown_to_a_store if {
	from := {"exposures": [{"job": "a", "at": "file", "address": "b", "secret": {"store": "vault", "name": "password"}}]}
	count(rule.deny) == 0 with input as object.union(_script("echo hi", "T"), from)
}
