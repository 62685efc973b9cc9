package policyctl.kubernetes.rbac_creates_workloads_test

import data.policyctl.kubernetes.rbac_creates_workloads as rule

_role(rule) := {"kind": "Role", "rules": [object.union({"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["create"]}, rule)]}

test_what_makes_pods if {
	rule.deny == {{
		"path": ["rules", 0, "resources", 0],
		"message": "the Role may create deployments, and so use every Secret and service account of the namespace",
	}} with input as _role({})
	count(rule.deny) == 1 with input as _role({"apiGroups": ["*"], "resources": ["pods"], "verbs": ["*"]})
}

test_what_makes_none if {
	every rule_ in [{"verbs": ["get", "patch"]}, {"resources": ["deployments/scale"]}, {"apiGroups": ["extensions"]}, {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}] {
		count(rule.deny) == 0 with input as _role(rule_)
	}
}
