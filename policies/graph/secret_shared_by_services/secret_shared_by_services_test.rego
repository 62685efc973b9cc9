package policyctl.graph.secret_shared_by_services_test

import data.policyctl.graph.secret_shared_by_services as rule

_use(consumer, confidence, owners) := {"consumer": consumer, "confidence": confidence, "codeowners": owners}

_contract := {"class": "api-key", "uses": [0, 1, 2, 3], "shared_owners": ["@a", "@b", "@c"]}

_found(contract, owner, confidence) := result if {
	result := rule.deny with input as {"contracts": {"db": contract}, "uses": [
		_use("kubernetes:x/Deployment/a", "exact", ["@a"]),
		_use("kubernetes:x/Deployment/a2", "exact", ["@a"]),
		_use("kubernetes:x/Deployment/b", "exact", ["@b"]),
		_use("kubernetes:x/Deployment/c", confidence, [owner]),
	]}
}

test_three_owners if {
	_found(_contract, "@c", "exact") == {{
		"path": ["contracts", "db", "spec", "consumers"],
		"at": "key",
		"subject": "db",
		"message": "the secret of contract db is shared by consumers of 3 owners: @a, @b, @c",
		"related": [
			{"message": "kubernetes:x/Deployment/a", "path": ["uses", 0]},
			{"message": "kubernetes:x/Deployment/b", "path": ["uses", 2]},
			{"message": "kubernetes:x/Deployment/c", "path": ["uses", 3]},
		],
	}}
}

test_fewer_owners_or_not_certain if {
	count(_found(_contract, "@a", "exact")) == 0
	count(_found(_contract, "@c", "wildcard")) == 0
	count(_found(object.union(_contract, {"shared_owners": ["@a"]}), "@c", "exact")) == 0
	count(_found(object.union(_contract, {"state": "retired"}), "@c", "exact")) == 0
	count(_found(object.union(_contract, {"class": "identifier"}), "@c", "exact")) == 0
	count(_found(object.remove(_contract, ["shared_owners"]), "@c", "exact")) == 0
}
