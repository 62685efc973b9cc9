package policyctl.graph.bootstrap_is_static_test

import data.policyctl.graph.bootstrap_is_static as rule

_found(root, dependent) := result if {
	result := rule.deny with input as {"contracts": {
		"approle": root,
		"db": object.union({"needs": ["token", "approle"], "static_roots": ["approle"]}, dependent),
		"token": {"needs": ["approle"], "static_roots": ["approle"]},
	}}
}

test_a_static_secret if {
	_found({}, {}) == {{
		"path": ["contracts", "approle"],
		"subject": "approle",
		"message": "contract approle is about a static secret by which others are obtained: db, token",
		"related": [
			{"message": "contract db", "path": ["contracts", "db"]},
			{"message": "contract token", "path": ["contracts", "token"]},
		],
	}}
}

test_retired if {
	count(_found({"state": "retired"}, {})) == 0
	{found.message | some found in _found({}, {"state": "retired"})} == {"contract approle is about a static secret by which others are obtained: token"}
	count(rule.deny) == 0 with input as {"contracts": {"db": {"static_roots": []}}}
}
