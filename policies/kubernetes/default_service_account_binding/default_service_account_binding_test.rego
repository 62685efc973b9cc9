package policyctl.kubernetes.default_service_account_binding_test

import data.policyctl.kubernetes.default_service_account_binding as rule

_binding(subject) := {"kind": "RoleBinding", "roleRef": {"name": "reader"}, "subjects": [{"kind": "User", "name": "a"}, subject]}

test_the_default_service_account if {
	rule.deny == {{
		"path": ["subjects", 1, "name"],
		"message": "role reader is bound to the default service account: every pod that names no other has it",
	}} with input as _binding({"kind": "ServiceAccount", "name": "default"})
}

test_others if {
	every subject in [{"kind": "ServiceAccount", "name": "web"}, {"kind": "User", "name": "default"}, {"kind": "ServiceAccount"}] {
		count(rule.deny) == 0 with input as _binding(subject)
	}
}
