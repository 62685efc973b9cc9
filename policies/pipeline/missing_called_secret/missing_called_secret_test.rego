package policyctl.pipeline.missing_called_secret_test

import data.policyctl.pipeline.missing_called_secret as rule

_doc(inherit, secret) := {"components": [{
	"address": "jobs.a.uses",
	"job": "a",
	"called": {"path": "b.yml", "inherit": inherit, "secrets": [object.union({"name": "T", "declared": true, "required": false, "given": true, "read": "yes"}, secret)]},
}]}

_messages(doc) := messages if {
	deny := rule.deny with input as doc
	messages := {found.message | some found in deny}
}

test_missing if {
	_messages(_doc(false, {"given": false, "required": true})) == {"job \"a\" does not give secret T to b.yml, which requires it"}
	_messages(_doc(false, {"given": false, "declared": false})) == {"job \"a\" does not give secret T to b.yml, which reads and does not declare it"}
}

test_not_missing if {
	every secret in [{}, {"given": false}, {"required": true}, {"given": false, "declared": false, "read": "unknown"}] {
		_messages(_doc(false, secret)) == set()
	}
	_messages(_doc(true, {"given": false, "required": true})) == set()
}
