package policyctl.graph.rotation_not_configured_test

import data.policyctl.graph.rotation_not_configured as rule

_object := {"slot": "tf:infra//aws_secretsmanager_secret.db", "name": "infra//aws_secretsmanager_secret.db", "store_type": "aws-secretsmanager", "environment": "prod"}

_contract(fields) := object.union({"state": "active", "objects": [0], "spec": {"rotation": {"method": "store"}}}, fields)

_found(contract, object_, more) := result if {
	result := rule.deny with input as object.union({"complete": true, "contracts": {"db": contract}, "objects": [object_], "rotations": []}, more)
}

test_an_entry_without_rotation if {
	_found(_contract({}), _object, {}) == {{
		"path": ["objects", 0],
		"subject": "tf:infra//aws_secretsmanager_secret.db",
		"message": "infra//aws_secretsmanager_secret.db is made without a rotation, but contract db says that its store rotates it",
		"related": [{"message": "contract db", "path": ["contracts", "db", "spec", "rotation", "method"]}],
	}}
	own := {"spec": {"rotation": {"method": "manual"}, "environments": {"prod": {"rotation": {"method": "store"}}}}}
	count(_found(_contract(own), _object, {})) == 1
	count(_found(_contract({}), object.remove(_object, ["environment"]), {})) == 1
}

test_silent if {
	every fields in [{"rotations": [0]}, {"state": "retired"}, {"spec": {"rotation": {"method": "job"}}}, {"objects": []}] {
		count(_found(_contract(fields), _object, {})) == 0
	}
	count(_found(_contract({}), object.union(_object, {"store_type": "vault"}), {})) == 0
	count(_found(_contract({}), _object, {"complete": false})) == 0
	count(_found(_contract({}), _object, {"rotations": [{"id": "x"}]})) == 0
}
