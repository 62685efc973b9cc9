package policyctl.dockerfile.add_remote_with_credentials_test

import data.policyctl.dockerfile.add_remote_with_credentials as rule

_file(instructions) := {"args": [], "stages": [{"index": 0, "final": true, "image": "a", "instructions": instructions}]}

_add(source) := {"name": "ADD", "sources": [source], "destination": "/a"}

test_a_literal_credential_is_found if {
	rule.deny == {{
		"path": ["stages", 0, "instructions", 0, "sources", 0],
		"match": "app:correct-horse@",
		"message": "ADD of the final stage downloads from a URL with a literal credential, everyone who can pull the image can read it",
	}} with input as _file([_add("https:\/\/app:correct-horse@example.com/a.tar")])
	{d.match | some d in rule.deny} == {"token=correct-horse"} with input as _file([_add("https://example.com/a.tar?token=correct-horse")])
}

test_a_variable_is_found if {
	rule.deny == {{
		"path": ["stages", 0, "instructions", 0, "sources", 0],
		"message": "ADD of the final stage downloads from a URL with the credential API_TOKEN, everyone who can pull the image can read it",
	}} with input as _file([_add("https://${API_TOKEN}@example.com/a.tar")])
}

test_harmless_sources if {
	rule.deny == set() with input as _file([
		_add("https://example.com/a-$VERSION.tar"), _add("a.tar"), _add("git@example.com:a/b.git"),
		{"name": "COPY", "sources": ["https:\/\/app:correct-horse@example.com"], "destination": "/a"},
	])
}
