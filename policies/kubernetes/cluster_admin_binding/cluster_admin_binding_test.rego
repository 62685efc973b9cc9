package policyctl.kubernetes.cluster_admin_binding_test

import data.policyctl.kubernetes.cluster_admin_binding as rule

_binding(subject) := {"kind": "ClusterRoleBinding", "roleRef": {"kind": "ClusterRole", "name": "cluster-admin"}, "subjects": [subject]}

test_a_service_account if {
	rule.deny == {{
		"path": ["subjects", 0],
		"message": "ServiceAccount deployer is bound to cluster-admin",
	}} with input as _binding({"kind": "ServiceAccount", "name": "deployer"})
}

test_a_subject_without_a_name if {
	count(rule.deny) == 1 with input as _binding({"kind": "User", "name": 5})
}

test_everyone_who_logs_in if {
	every name in ["system:authenticated", "system:serviceaccounts", "system:serviceaccounts:shop", "system:serviceaccount:shop:web"] {
		rule.deny == {{
			"path": ["subjects", 0],
			"message": $"Group {name} is bound to cluster-admin",
		}} with input as _binding({"kind": "Group", "name": name})
	}
}

test_who_belongs_to_kubernetes_or_to_another_rule if {
	every name in ["system:masters", "system:kube-controller-manager", "system:anonymous", "system:unauthenticated"] {
		count(rule.deny) == 0 with input as _binding({"kind": "Group", "name": name})
	}
}

test_other_bindings if {
	every binding in [
		object.union(_binding({"name": "x"}), {"roleRef": {"name": "view"}}),
		object.union(_binding({"name": "x"}), {"kind": "RoleBinding"}),
		object.union(_binding({"name": "x"}), {"roleRef": 5}),
		object.union(_binding({"name": "x"}), {"subjects": 5}),
	] {
		count(rule.deny) == 0 with input as binding
	}
}

test_roles_that_read_secrets_for_all if {
	every name in ["system:authenticated", "system:serviceaccounts"] {
		{found.message | some found in rule.deny} == {$"Group {name} is bound to edit"} with input as {"kind": "ClusterRoleBinding", "roleRef": {"name": "edit"}, "subjects": [{"kind": "Group", "name": "team"}, {"kind": "Group", "name": name}]}
		count(rule.deny) == 0 with input as {"kind": "ClusterRoleBinding", "roleRef": {"name": "view"}, "subjects": [{"kind": "Group", "name": name}]}
		count(rule.deny) == 0 with input as {"kind": "RoleBinding", "roleRef": {"name": "edit"}, "subjects": [{"kind": "Group", "name": name}]}
	}
}
