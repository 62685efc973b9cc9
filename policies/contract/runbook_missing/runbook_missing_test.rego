package policyctl.contract.runbook_missing_test

import data.policyctl.contract.runbook_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "api-key"}}

test_no_runbook if {
	rule.deny == {{
		"path": ["spec", "runbook"],
		"subject": "db",
		"message": "contract db has no runbook, although the risk is critical",
	}} with input as _contract({"risk": {"rating": "critical"}})
	count(rule.deny) == 1 with input as _contract({"risk": {"rating": "high"}, "runbook": ""})
}

test_a_runbook_or_no_need_for_one if {
	every spec in [
		{"risk": {"rating": "critical"}, "runbook": "docs/db.md"},
		{"risk": {"rating": "medium"}},
		{"risk": "high"},
		{},
		{"risk": {"rating": "high"}, "state": "proposed"},
		{"risk": {"rating": "high"}, "class": "identifier"},
	] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
