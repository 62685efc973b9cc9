package policyctl.graph.ambiguous_address_test

import data.policyctl.graph.ambiguous_address as rule

_found(candidates) := result if {
	result := rule.deny with input as {"contracts": {"db": {"ambiguous": [{"address": "x", "candidates": candidates}]}}}
}

test_two_candidates if {
	_found(["tf:infra/dev//aws_db.main", "tf:infra/prod//aws_db.main"]) == {{
		"path": ["contracts", "db", "ambiguous", 0],
		"subject": "db",
		"message": "contract db names an address that several resources have: infra/dev//aws_db.main, infra/prod//aws_db.main",
	}}
	{found.message | some found in _found(["tf-var:a//token", "tf-var:b//token"])} == {"contract db names an address that several resources have: a//var.token, b//var.token"}
}

test_unique if {
	count(rule.deny) == 0 with input as {"contracts": {"db": {"name": "db"}}}
}
