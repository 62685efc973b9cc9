package policyctl.dockerfile.literal_secret_in_arg_test

import data.policyctl.dockerfile.literal_secret_in_arg as rule

_file(instructions) := {"args": [], "stages": [{"index": 0, "final": true, "image": "a", "instructions": instructions}]}

test_a_literal_default_is_found if {
	rule.deny == {
		{"path": ["args", 0, "value"], "message": "ARG API_TOKEN has a literal credential as its default"},
		{"path": ["stages", 0, "instructions", 0, "pairs", 0, "value"], "message": "ARG DB_PASSWORD has a literal credential as its default"},
	} with input as object.union(
		_file([{"name": "ARG", "pairs": [{"key": "DB_PASSWORD", "value": "correct-horse"}]}]),
		{"args": [{"key": "API_TOKEN", "value": "correct-horse"}]},
	)
}

test_a_url_is_found if {
	rule.deny == {{
		"path": ["stages", 0, "instructions", 0, "pairs", 0, "value"],
		"match": "app:correct-horse@",
		"message": "ARG PIP_INDEX_URL has a URL with a credential as its default",
	}} with input as _file([{"name": "ARG", "pairs": [{"key": "PIP_INDEX_URL", "value": "https:\/\/app:correct-horse@example.com/simple"}]}])
}

test_harmless_arguments if {
	rule.deny == set() with input as _file([{"name": "ARG", "pairs": [
		{"key": "API_TOKEN"},
		{"key": "API_TOKEN", "value": ""},
		{"key": "API_TOKEN", "value": "$OTHER", "references": ["OTHER"]},
		{"key": "VERSION", "value": "correct-horse"},
	]}])
}
