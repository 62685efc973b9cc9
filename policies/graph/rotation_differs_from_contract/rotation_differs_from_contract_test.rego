package policyctl.graph.rotation_differs_from_contract_test

import data.policyctl.graph.rotation_differs_from_contract as rule

_contract := {"state": "active", "spec": {
	"rotation": {"interval": "90d", "interval_s": 7776000},
	"environments": {"prod": {"rotation": {"interval": "30d", "interval_s": 2592000}}},
}}

_rotation(fields) := object.union(
	{
		"id": "tf:infra//aws_secretsmanager_secret_rotation.db", "name": "shop/db", "interval_s": 5184000,
		"claims": [{"contract": "db", "environment": "prod"}], "contracts": ["db"],
	},
	fields,
)

_found(contract, fields) := result if {
	result := rule.deny with input as {"contracts": {"db": contract}, "rotations": [_rotation(fields)]}
}

test_slower_than_the_contract if {
	_found(_contract, {}) == {{
		"path": ["rotations", 0, "interval_s"],
		"subject": "tf:infra//aws_secretsmanager_secret_rotation.db",
		"message": "shop/db is rotated every 60d, but contract db says every 30d",
		"related": [{"message": "the interval of contract db", "path": ["contracts", "db", "spec", "environments", "prod", "rotation", "interval"]}],
	}}
}

test_faster_than_the_contract if {
	{f.message | some f in _found(_contract, {"claims": []})} == {"shop/db is rotated every 60d, but contract db says every 90d"}
	count(_found(_contract, {"claims": [], "by_expression": true})) == 0
}

test_silent if {
	every fields in [
		{"interval_s": 2592000},
		{"interval_s": 0},
		{"claims": [], "contracts": []},
		{"claims": [{"contract": "api"}]},
	] {
		count(_found(_contract, fields)) == 0
	}
	count(_found(object.union(_contract, {"state": "retired"}), {})) == 0
	count(_found({"state": "active", "spec": {"lifetime": {"kind": "dynamic"}}}, {})) == 0
	unset := rule.deny with input as {"contracts": {"db": _contract}, "rotations": [object.remove(_rotation({}), ["interval_s"])]}
	count(unset) == 0
}
