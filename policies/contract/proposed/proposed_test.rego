package policyctl.contract.proposed_test

import data.policyctl.contract.proposed as rule

_contract(state) := {"metadata": {"name": "db"}, "spec": {"state": state}}

test_a_stub if {
	rule.deny == {{
		"path": ["spec", "state"],
		"subject": "db",
		"message": "contract db is a stub; confirm it and set state to active",
	}} with input as _contract("proposed")
}

test_confirmed if {
	every state in ["active", "deprecated", "retired"] {
		count(rule.deny) == 0 with input as _contract(state)
	}
	count(rule.deny) == 0 with input as {"spec": {}}
}
