package policyctl.kubernetes.secret_as_env_test

import data.policyctl.kubernetes.secret_as_env as rule

_pod(container) := {"kind": "Pod", "spec": {"containers": [object.union({"name": "web"}, container)]}}

test_variables if {
	rule.deny == {{
		"path": ["spec", "containers", 0, "env", 0, "valueFrom", "secretKeyRef"],
		"message": "variable TOKEN of container web comes from a Secret",
	}} with input as _pod({"env": [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "api", "key": "token"}}}]})
	rule.deny == {{
		"path": ["spec", "containers", 0, "envFrom", 1, "secretRef"],
		"message": "all keys of Secret api become variables of container web",
	}} with input as _pod({"envFrom": [{"configMapRef": {"name": "web"}}, {"secretRef": {"name": "api"}}]})
}

test_others if {
	every container in [
		{"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}, {"name": "B", "value": "c"}]},
		{"envFrom": [{"configMapRef": {"name": "a"}}]}, {"envFrom": "x"}, {},
	] {
		count(rule.deny) == 0 with input as _pod(container)
	}
}
