package policyctl.graph.delivery_not_allowed_test

import data.policyctl.graph.delivery_not_allowed as rule

_use(fields) := object.union(
	{
		"name": "DB_PASSWORD", "slot": "k8s-secret:shop/db#password", "consumer": "kubernetes:shop/Deployment/web", "confidence": "exact",
		"delivery": "env", "claims": [{"contract": "old", "state": "retired"}, {"contract": "db", "state": "active"}],
	},
	fields,
)

_found(delivery, fields) := result if {
	result := rule.deny with input as {"uses": [_use(fields)], "contracts": {
		"db": {"spec": {"delivery": delivery}},
		"old": {"spec": {"delivery": ["env"]}},
		"any": {"spec": {}},
	}}
}

test_a_way_that_is_not_listed if {
	_found(["file", "csi"], {}) == {{
		"path": ["uses", 0],
		"subject": "k8s-secret:shop/db#password",
		"message": "kubernetes:shop/Deployment/web gets DB_PASSWORD by env, but contract db allows file, csi only",
		"related": [{"message": "what contract db allows", "path": ["contracts", "db", "spec", "delivery"]}],
	}}
	count(_found(["file"], {"delivery": "cli-arg"})) == 1
}

test_silent if {
	count(_found(["env"], {})) == 0
	count(_found([], {})) == 0
	every fields in [
		{"confidence": "derived"},
		{"delivery": "build-arg"},
		{"delivery": "image"},
		{"delivery": "build-secret"},
		{"claims": []},
		{"claims": [{"contract": "old", "state": "retired"}]},
		{"claims": [{"contract": "any"}, {"contract": "db"}]},
		{"claims": [{"contract": "db"}, {"contract": "old"}]},
	] {
		count(_found(["file"], fields)) == 0
	}
}
