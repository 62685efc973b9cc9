package policyctl.kubernetes.shadowed_secret_env_test

import data.policyctl.kubernetes.shadowed_secret_env as rule

_pod(env) := {"kind": "Pod", "spec": {"containers": [{"name": "web", "env": env}]}}

_secret := {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "api", "key": "token"}}}

test_a_literal_behind_the_secret if {
	rule.deny == {{
		"path": ["spec", "containers", 0, "env", 1, "value"],
		"message": "variable TOKEN of container web is this literal: the one from Secret api does not count",
		"related": [{"message": "the variable from the Secret", "path": ["spec", "containers", 0, "env", 0]}],
	}} with input as _pod([_secret, {"name": "TOKEN", "value": "x"}])
}

test_others if {
	every env in [
		[{"name": "TOKEN", "value": "x"}, _secret], [_secret, {"name": "OTHER", "value": "x"}], [_secret, _secret],
		[{"name": "TOKEN", "valueFrom": {"configMapKeyRef": {}}}, {"name": "TOKEN", "value": "x"}],
	] {
		count(rule.deny) == 0 with input as _pod(env)
	}
	count(rule.deny) == 0 with input as {"kind": "Pod", "spec": {"containers": [
		{"name": "a", "env": [_secret]},
		{"name": "b", "env": [{"name": "X"}, {"name": "TOKEN", "value": "x"}]},
	]}}
}
