package policyctl.kubernetes.rbac_wildcard_test

import data.policyctl.kubernetes.rbac_wildcard as rule

test_everything if {
	rule.deny == {{
		"path": ["rules", 1],
		"message": "the ClusterRole grants all verbs on all resources of all API groups",
	}} with input as {"kind": "ClusterRole", "rules": [{"nonResourceURLs": ["*"], "verbs": ["*"]}, {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}
}

test_not_everything if {
	every rules in [[{"apiGroups": ["apps"], "resources": ["*"], "verbs": ["*"]}], [{"apiGroups": "*", "resources": "*", "verbs": "*"}], 5] {
		count(rule.deny) == 0 with input as {"kind": "ClusterRole", "rules": rules}
	}
}
