package policyctl.graph.runbook_not_found_test

import data.policyctl.graph.runbook_not_found as rule

_found(found, contract) := result if {
	result := rule.deny with input as {"contracts": {"db": contract}, "runbooks": {"docs/db.md": found}}
}

_contract := {"spec": {"runbook": "docs/db.md"}}

test_no_such_file if {
	_found({"found": false}, _contract) == {{
		"path": ["contracts", "db", "spec", "runbook"],
		"subject": "db",
		"message": "the runbook docs/db.md of contract db does not exist",
	}}
}

test_a_file_or_nothing_known if {
	count(_found({"found": true}, _contract)) == 0
	count(_found({}, _contract)) == 0
	count(_found({"found": false}, object.union(_contract, {"state": "retired"}))) == 0
	count(_found({"found": false}, {"spec": {"runbook": "https:\/\/wiki.example.com/db"}})) == 0
	count(_found({"found": false}, {"spec": {}})) == 0
}
