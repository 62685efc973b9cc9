package policyctl.pipeline.undeclared_called_secret_test

import data.policyctl.pipeline.undeclared_called_secret as rule

_doc(inherit, secret) := {"components": [{
	"address": "jobs.a.uses",
	"job": "a",
	"called": {"path": "b.yml", "inherit": inherit, "secrets": [object.union({"name": "T", "declared": true, "required": false, "given": true, "read": "yes"}, secret)]},
}]}

test_undeclared if {
	rule.deny == {{
		"path": ["components", 0, "called", "secrets", 0, "name"],
		"subject": "jobs.a.uses",
		"message": "job \"a\" gives secret T to b.yml, which does not declare it",
	}} with input as _doc(false, {"declared": false})
}

test_declared if {
	count(rule.deny) == 0 with input as _doc(false, {})
	count(rule.deny) == 0 with input as _doc(true, {"declared": false})
	count(rule.deny) == 0 with input as _doc(false, {"declared": false, "given": false})
	count(rule.deny) == 0 with input as {"components": [{"job": "a"}]}
}
