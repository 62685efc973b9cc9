package policyctl.pipeline.remote_include_without_checksum_test

import data.policyctl.pipeline.remote_include_without_checksum as rule

_doc(ref, pin) := {"components": [{"kind": "reusable", "pin": pin, "ref": ref, "address": "include"}]}

test_included if {
	rule.deny == {{
		"path": ["components", 0, "ref"],
		"subject": "include",
		"message": "the pipeline includes https://ci.example.com/a.yml as it comes, and that gets all secrets",
	}} with input as _doc("https://ci.example.com/a.yml", "none")
}

test_not_included if {
	count(rule.deny) == 0 with input as _doc("https://ci.example.com/a.yml", "digest")
	count(rule.deny) == 0 with input as _doc("https://ci.example.com/0123456789abcdef0123456789abcdef01234567/a.yml", "none")
	count(rule.deny) == 0 with input as _doc("shop/ci", "none")
	count(rule.deny) == 0 with input as {}
}
