package policyctl.contract.phase_out_without_end_test

import data.policyctl.contract.phase_out_without_end as rule

_contract(spec) := {"metadata": {"name": "app"}, "spec": spec}

test_no_end if {
	rule.deny == {{
		"path": ["spec", "until"],
		"subject": "app",
		"message": "contract app is deprecated, and says no day by which its use ends",
	}} with input as _contract({"state": "deprecated", "successor": "new"})
}

test_an_end_or_no_phase_out if {
	count(rule.deny) == 0 with input as _contract({"state": "deprecated", "until": "2027-01-01"})
	count(rule.deny) == 0 with input as _contract({"state": "active"})
}
