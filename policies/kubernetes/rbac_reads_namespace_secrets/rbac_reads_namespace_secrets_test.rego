package policyctl.kubernetes.rbac_reads_namespace_secrets_test

import data.policyctl.kubernetes.rbac_reads_namespace_secrets as rule

_role(entry) := {"kind": "Role", "rules": [object.union({"apiGroups": [""], "resources": ["pods", "secrets"], "verbs": ["get"]}, entry)]}

test_every_secret if {
	rule.deny == {{
		"path": ["rules", 0, "resources", 1],
		"message": "the role may read every Secret of its namespace",
		"targets": {"get"},
	}} with input as _role({})
}

test_not_every_secret if {
	count(rule.deny) == 0 with input as _role({"resourceNames": ["db"]})
	count(rule.deny) == 0 with input as _role({"verbs": 5})
}

test_what_other_rules_say if {
	count(rule.deny) == 0 with input as _role({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]})
	count(rule.deny) == 0 with input as object.union(_role({}), {"kind": "ClusterRole"})
}
