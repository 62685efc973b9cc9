package policyctl.pipeline.broad_identity_token_audience_test

import data.policyctl.pipeline.broad_identity_token_audience as rule

_doc(audiences, fields) := {"identities": [object.union({"kind": "oidc", "job": "a", "address": "jobs.a.identities.oidc", "audiences": audiences}, fields)]}

_found(at, words) := {{"path": ["identities", 0, "audiences", at], "subject": "jobs.a.identities.oidc", "message": words}}

test_broad if {
	rule.deny == _found(0, "identity token T of job \"a\" has the audience \"*\", which is no single service") with input as _doc(["*"], {"name": "T"})
	rule.deny == _found(1, "the identity token of job \"a\" has 2 audiences; each of them can use it at the others") with input as _doc(["a", "b"], {})
	count(rule.deny) == 1 with input as _doc(["a", "https://*.example.com"], {})
}

test_one_service if {
	count(rule.deny) == 0 with input as _doc(["https://vault.example.com"], {})
	count(rule.deny) == 0 with input as _doc([], {})
	count(rule.deny) == 0 with input as _doc(["*"], {"kind": "platform_token"})
	count(rule.deny) == 0 with input as {}
}
