package policyctl.pipeline.default_service_account_test

import data.policyctl.pipeline.default_service_account as rule

_account(fields) := object.union({"kind": "service_account", "address": "jobs.a.identities.service_account", "job": "a", "name": "default", "explicit": false}, fields)

_doc(identities) := {"kind": "workflow", "identities": identities}

test_default if {
	rule.deny == {{"path": ["identities", 0, "name"], "subject": "jobs.a.identities.service_account", "message": "job \"a\" runs as the account that all pods of the namespace have"}} with input as _doc([_account({"explicit": true})])
	rule.deny == {{"path": ["identities", 1], "subject": "identities.service_account", "message": "no account is named for job \"a\", job \"b\", which makes it the one that all pods of the namespace have"}} with input as _doc([
		_account({"name": "builder"}),
		_account({"job": "b"}),
		_account({}),
	])
	count(rule.deny) == 1 with input as _doc([object.remove(_account({}), ["job"])])
}

test_own if {
	count(rule.deny) == 0 with input as _doc([_account({"name": "builder", "explicit": true}), _account({"kind": "oidc"})])
	count(rule.deny) == 0 with input as object.union(_doc([_account({})]), {"kind": "reusable"})
	count(rule.deny) == 0 with input as {}
}
