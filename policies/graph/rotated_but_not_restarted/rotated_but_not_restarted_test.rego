package policyctl.graph.rotated_but_not_restarted_test

import data.policyctl.graph.rotated_but_not_restarted as rule

_use(fields) := object.union(
	{
		"name": "password", "slot": "k8s-secret:shop/db#password", "consumer": "kubernetes:shop/Deployment/web", "confidence": "exact",
		"platform": "kubernetes", "delivery": "env", "restarts": false, "claims": [{"contract": "db", "environment": "prod"}],
	},
	fields,
)

_rotations := {
	"rotation": {"method": "manual"},
	"environments": {"prod": {"rotation": {"method": "store"}}, "dev": {}},
}

_found(uses) := result if {
	result := rule.deny with input as {"uses": uses, "contracts": {"db": {"spec": _rotations}}}
}

test_a_variable_of_a_workload_that_stays_up if {
	_found([_use({}), _use({"slot": "k8s-secret:shop/db#user"})]) == {{
		"path": ["uses", 0],
		"subject": "k8s-secret:shop/db#password",
		"message": "contract db is rotated by a machine, but kubernetes:shop/Deployment/web gets password as a variable and is not restarted",
		"related": [{"message": "what rotates it", "path": ["contracts", "db", "spec", "environments", "prod", "rotation", "method"]}],
	}}
	count(_found([_use({"environment": "prod", "claims": [{"contract": "db"}]})])) == 1
}

test_silent if {
	every use in [
		_use({"restarts": true}),
		object.remove(_use({}), ["restarts"]),
		_use({"platform": "compose"}),
		_use({"delivery": "file"}),
		_use({"confidence": "wildcard"}),
		_use({"claims": []}),
		_use({"claims": [{"contract": "db", "environment": "dev"}]}),
		_use({"claims": [{"contract": "db", "environment": "prod", "state": "retired"}]}),
	] {
		count(_found([use])) == 0
	}
}
