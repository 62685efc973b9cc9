package policyctl.dockerfile.label_secret_test

import data.policyctl.dockerfile.label_secret as rule

_file(instructions) := {"args": [], "stages": [{"index": 0, "final": true, "image": "a", "instructions": instructions}]}

test_a_label_with_a_credential_is_found if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 0, "pairs", 0, "value"], "message": "label org.example.token holds a literal credential"},
		{"path": ["stages", 0, "instructions", 0, "pairs", 1, "value"], "match": "app:correct-horse@", "message": "label source holds a URL with a credential"},
	} with input as _file([{"name": "LABEL", "pairs": [
		{"key": "org.example.token", "value": "correct-horse"},
		{"key": "source", "value": "https:\/\/app:correct-horse@example.com/r"},
	]}])
}

test_harmless_labels if {
	rule.deny == set() with input as _file([{"name": "LABEL", "pairs": [
		{"key": "vendor", "value": "correct-horse"},
		{"key": "org.example.token", "value": "$TOKEN", "references": ["TOKEN"]},
		{"key": "source", "value": "https://example.com/r"},
	]}])
}
