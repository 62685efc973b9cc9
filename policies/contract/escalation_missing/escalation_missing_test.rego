package policyctl.contract.escalation_missing_test

import data.policyctl.contract.escalation_missing as rule

_contract(spec, team) := {"metadata": {"name": "db"}, "spec": spec, "team": team}

_spec := {"owner": {"team": "payments"}}

test_no_contact if {
	rule.deny == {{
		"path": ["spec", "owner", "escalation"],
		"subject": "db",
		"message": "contract db has no escalation contact, and neither has its team payments",
	}} with input as _contract(_spec, {"name": "payments"})
}

test_a_contact_or_no_need_for_one if {
	count(rule.deny) == 0 with input as _contract(_spec, {"name": "payments", "escalation": "pagerduty:payments"})
	every spec in [{"owner": {"team": "payments", "escalation": "slack:#db"}}, {"owner": "payments"}, {"state": "proposed"}, {"class": "identifier"}] {
		count(rule.deny) == 0 with input as _contract(spec, {"name": "payments"})
	}
}

# That is said elsewhere.
test_an_unknown_team if count(rule.deny) == 0 with input as {"metadata": {"name": "db"}, "spec": _spec}
