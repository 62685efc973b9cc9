package policyctl.graph.store_of_many_teams_test

import data.policyctl.graph.store_of_many_teams as rule

_found(teams) := result if {
	result := rule.deny with input as {"stores": {"vault": {"teams": teams}}}
}

test_many if {
	_found(["a", "b", "c", "d", "e", "f"]) == {{"path": ["stores", "vault"], "at": "key", "subject": "vault", "message": "store vault holds secrets of 6 teams: a, b, c, d, e, f"}}
}

test_few if {
	count(_found(["a", "b", "c", "d", "e"])) == 0
	count(rule.deny) == 0 with input as {"stores": {"vault": {}}}
}
