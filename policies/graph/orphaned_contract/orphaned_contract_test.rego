package policyctl.graph.orphaned_contract_test

import data.policyctl.graph.orphaned_contract as rule

_contract(fields) := object.union({"name": "token", "state": "active", "used": false, "claims": 1, "objects": []}, fields)

_found(complete, contract) := result if {
	result := rule.deny with input as {"complete": complete, "contracts": {"token": contract}}
}

test_an_active_contract_without_use_is_found if {
	_found(true, _contract({})) == {{
		"path": ["contracts", "token"],
		"subject": "token",
		"message": "contract token is active, but nothing in the repository uses the secret",
		"related": [],
	}}
}

test_a_stub_is_found_too if count(_found(true, _contract({"state": "proposed"}))) == 1

test_the_entry_of_a_store_is_named if {
	[found.related | some found in _found(true, _contract({"objects": [3]}))] == [[{"message": "an entry for it is made here", "path": ["objects", 3]}]]
}

test_whoever_gets_everything_is_no_use_by_name if {
	{found.message | some found in _found(true, _contract({"wildcard": true}))} == {
		"contract token is active, but nothing in the repository uses the secret by its name, although something gets every secret in reach",
	}
}

test_used_retired_and_unbound_contracts_are_silent if {
	every fields in [{"used": true}, {"state": "retired"}, {"state": "deprecated"}, {"claims": 0}, {"supplies": [0]}, {"grants": [0]}] {
		count(_found(true, _contract(fields))) == 0
	}
}

test_absence_means_nothing_in_a_part_of_the_repository if count(_found(false, _contract({}))) == 0
