package policyctl.pipeline.unread_called_secret_test

import data.policyctl.pipeline.unread_called_secret as rule

_doc(inherit, secret) := {"components": [{
	"address": "jobs.a.uses",
	"job": "a",
	"called": {"path": "b.yml", "inherit": inherit, "secrets": [object.union({"name": "T", "declared": true, "required": false, "given": true, "read": "yes"}, secret)]},
}]}

test_unread if {
	rule.deny == {{
		"path": ["components", 0, "called", "secrets", 0, "name"],
		"subject": "jobs.a.uses",
		"message": "job \"a\" gives secret T to b.yml, which never reads it",
	}} with input as _doc(false, {"read": "no"})
}

test_read if {
	every secret in [{}, {"read": "unknown"}, {"read": "no", "given": false}, {"read": "no", "declared": false}] {
		count(rule.deny) == 0 with input as _doc(false, secret)
	}
}
