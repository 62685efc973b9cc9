package policyctl.kubernetes.rbac_reads_secrets_test

import data.policyctl.kubernetes.rbac_reads_secrets as rule

_role(entry) := {"kind": "ClusterRole", "rules": [object.union({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}, entry)]}

test_every_secret if {
	every entry in [{}, {"verbs": ["list"]}, {"verbs": ["watch"]}, {"verbs": ["*"]}, {"apiGroups": ["*"], "resources": ["*"]}, {"resourceNames": []}] {
		rule.deny == {{
			"path": ["rules", 0, "resources", 0],
			"message": "the cluster role may read every Secret of the namespaces where it is bound",
			"targets": {verb | some verb in object.get(entry, "verbs", ["get"])},
		}} with input as _role(entry)
	}
}

test_not_every_secret if {
	every role in [
		_role({"resourceNames": ["db"]}), _role({"verbs": ["create"]}), _role({"resources": ["pods"]}), _role({"apiGroups": ["apps"]}),
		{"kind": "ClusterRole", "aggregationRule": {}, "rules": []}, {"kind": "ClusterRole", "rules": 5},
	] {
		count(rule.deny) == 0 with input as role
	}
}

test_what_other_rules_say if {
	count(rule.deny) == 0 with input as _role({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]})
	count(rule.deny) == 0 with input as object.union(_role({}), {"kind": "Role"})
}
