package policyctl.graph.identity_bridges_environments_test

import data.policyctl.graph.identity_bridges_environments as rule

_grant(identity, pattern, tiers) := {"identity": identity, "pattern": pattern, "tiers": tiers}

_found(grants) := result if {
	result := rule.deny with input as {"grants": grants}
}

test_two_permissions_of_one_identity if {
	_found([_grant("aws-iam:x", "prod/db", ["prod"]), _grant("aws-iam:y", "prod/db", ["prod"]), _grant("aws-iam:x", "test/db", ["nonprod"])]) == {{
		"path": ["grants", 2],
		"subject": "aws-iam:x",
		"message": "aws-iam:x may read prod/db of production and test/db of an environment that is not",
		"related": [{"message": "the other permission", "path": ["grants", 0]}],
	}}
}

test_one_permission_for_both if {
	{[f.path, f.related] | some f in _found([_grant("aws-iam:x", "db", ["nonprod", "prod"])])} == {[["grants", 0], []]}
}

test_silent if {
	count(_found([_grant("aws-iam:x", "prod/db", ["prod"]), _grant("aws-iam:y", "test/db", ["nonprod"])])) == 0
	count(_found([_grant("human:ops", "db", ["nonprod", "prod"])])) == 0
	count(_found([object.union(_grant("aws-iam:x", "*", ["nonprod", "prod"]), {"wildcard": true})])) == 0
	count(_found([{"identity": "aws-iam:x"}])) == 0
}
