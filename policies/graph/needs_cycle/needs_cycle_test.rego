package policyctl.graph.needs_cycle_test

import data.policyctl.graph.needs_cycle as rule

test_a_circle if {
	rule.deny == {{
		"path": ["contracts", "a", "spec", "dependencies", "needs"],
		"subject": "a",
		"message": "contracts need each other: a, b",
		"related": [{"message": "contract b", "path": ["contracts", "b"]}],
	}} with input as {"contracts": {"a": {"needs_cycle": ["a", "b"]}, "b": {"needs_cycle": ["a", "b"]}}}
}

test_itself if {
	{found.message | some found in rule.deny} == {"contract a needs itself"} with input as {"contracts": {"a": {"needs_cycle": ["a"]}}}
}

test_a_chain if {
	count(rule.deny) == 0 with input as {"contracts": {"a": {"needs": ["b"]}, "b": {}}}
}
