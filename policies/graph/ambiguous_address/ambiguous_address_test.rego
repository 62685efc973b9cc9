package policyctl.graph.ambiguous_address_test

import data.policyctl.graph.ambiguous_address as rule

test_two_candidates if {
	rule.deny == {{
		"path": ["contracts", "db", "ambiguous", 0],
		"subject": "db",
		"message": "contract db names aws_db.main, which is ambiguous: infra/dev//aws_db.main, infra/prod//aws_db.main",
	}} with input as {"contracts": {"db": {"ambiguous": [{"address": "aws_db.main", "candidates": ["infra/dev//aws_db.main", "infra/prod//aws_db.main"]}]}}}
}

test_unique if {
	count(rule.deny) == 0 with input as {"contracts": {"db": {"name": "db"}}}
}
