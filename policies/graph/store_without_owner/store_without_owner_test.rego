package policyctl.graph.store_without_owner_test

import data.policyctl.graph.store_without_owner as rule

test_no_owner if {
	rule.deny == {{"path": ["stores", "vault", "owner"], "subject": "vault", "message": "store vault has no owner"}} with input as {"stores": {"vault": {"type": "vault"}}}
}

test_an_owner if {
	count(rule.deny) == 0 with input as {"stores": {"vault": {"owner": "platform"}}}
	count(rule.deny) == 0 with input as {}
}
