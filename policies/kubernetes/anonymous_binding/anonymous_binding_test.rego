package policyctl.kubernetes.anonymous_binding_test

import data.policyctl.kubernetes.anonymous_binding as rule

_binding(subject, role) := {"kind": "RoleBinding", "roleRef": {"name": role}, "subjects": [{"kind": "Group", "name": "team"}, {"name": subject}]}

test_anonymous_users if {
	rule.deny == {{
		"path": ["subjects", 1, "name"],
		"message": "role view is bound to system:anonymous: nobody has to log in",
	}} with input as _binding("system:anonymous", "view")
	count(rule.deny) == 1 with input as _binding("system:unauthenticated", "cluster-admin")
	count(rule.deny) == 1 with input as _binding("system:unauthenticated", 5)
}

test_known_users_and_public_roles if {
	count(rule.deny) == 0 with input as _binding("system:authenticated", "view")
	every role in ["system:public-info-viewer", "system:discovery", "system:service-account-issuer-discovery", "kubeadm:bootstrap-signer-clusterinfo"] {
		count(rule.deny) == 0 with input as _binding("system:unauthenticated", role)
	}
	count(rule.deny) == 0 with input as _binding(5, "view")
}
