package policyctl.graph.orphaned_contract_test

import data.policyctl.graph.orphaned_contract

contract(state, used, claims) := {"name": "token", "state": state, "used": used, "claims": claims}

found(complete, contract) := result if {
	result := orphaned_contract.deny with input as {"complete": complete, "contracts": {contract.name: contract}}
}

test_an_active_contract_without_use_is_found if {
	found(true, contract("active", false, 1)) == {{
		"path": ["contracts", "token"],
		"subject": "token",
		"message": "contract token is active, but nothing in the repository uses the secret",
	}}
}

test_used_retired_and_unbound_contracts_are_silent if {
	every c in [contract("active", true, 1), contract("retired", false, 1), contract("active", false, 0)] {
		count(found(true, c)) == 0
	}
}

test_absence_means_nothing_in_a_part_of_the_repository if count(found(false, contract("active", false, 1))) == 0
