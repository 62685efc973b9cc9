package policyctl.sops.unencrypted_value_test

import data.policyctl.sops.unencrypted_value as rule

_file(value) := {"encrypted": true, "left": [value]}

test_in_clear_text if {
	rule.deny == {{"path": ["left", 0, "value"], "message": "host is in clear text: it was written past sops"}} with input as _file({
		"name": "host", "value": "db.example.com", "option": "",
	})
	rule.deny == {{"path": ["left", 0, "value"], "message": "api_token is in clear text: unencrypted_regex leaves it out"}} with input as _file({
		"name": "api_token", "value": "correct-horse", "option": "unencrypted_regex",
	})
}

test_in_order if {
	every value in [{"name": "kind", "value": "Secret", "option": "encrypted_regex"}, {"name": "on", "value": "true", "option": ""}] {
		count(rule.deny) == 0 with input as _file(value)
	}
	count(rule.deny) == 0 with input as {"encrypted": false, "left": [{"name": "password", "value": "correct-horse", "option": ""}]}
}
