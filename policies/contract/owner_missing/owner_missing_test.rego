package policyctl.contract.owner_missing_test

import data.policyctl.contract.owner_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec}

test_no_team if {
	every spec in [{}, {"owner": {"escalation": "slack:#db"}}, {"owner": {"team": ""}}, {"state": "proposed"}] {
		rule.deny == {{
			"path": ["spec", "owner", "team"],
			"subject": "db",
			"message": "contract db names no team that owns the secret",
		}} with input as _contract(spec)
	}
}

test_a_team_or_nothing_to_say if {
	count(rule.deny) == 0 with input as _contract({"owner": {"team": "payments"}})
	count(rule.deny) == 0 with input as _contract({"owner": "payments"})
	count(rule.deny) == 0 with input as _contract({"state": "retired"})
}

test_where_it_was_looked_for if {
	{found.message | some found in rule.deny} == {"contract db names no team that owns the secret; looked in db.secret.yaml, class api-key"} with input as object.union(
		_contract({}),
		{"looked": ["db.secret.yaml", "class api-key"]},
	)
}
