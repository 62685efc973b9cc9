package policyctl.sops.unencrypted_file_test

import data.policyctl.sops.unencrypted_file as rule

_file(changes) := object.union(
	{
		"claimed": "rule", "broad": false, "encrypted": false,
		"left": [{"name": "host", "value": "db.example.com", "option": ""}],
	},
	changes,
)

test_not_encrypted if {
	rule.deny == {{"path": [], "message": "a rule of .sops.yaml claims the file, and it is not encrypted"}} with input as _file({})
	rule.deny == {{"path": [], "message": "the name of the file says that it is encrypted, and it is not encrypted"}} with input as _file({"claimed": "name"})
	count(rule.deny) == 1 with input as _file({"broad": true, "left": [{"name": "password", "value": "correct-horse", "option": ""}]})
}

test_in_order if {
	every changes in [{"encrypted": true}, {"claimed": ""}, {"broad": true}, {"left": []}, {"left": [{"name": "a", "value": "b", "option": "encrypted_regex"}]}] {
		count(rule.deny) == 0 with input as _file(changes)
	}
}
