package policyctl.graph.person_reads_workload_secret_test

import data.policyctl.graph.person_reads_workload_secret as rule

_found(identity, state) := result if {
	result := rule.deny with input as {"contracts": {"db": {"state": state, "spec": {"consumers": [
		{"workload": "app:cmd/**"},
		{"workload": "app:tools/**", "identity": identity},
	]}}}}
}

test_a_person if {
	_found("human:alice", "active") == {{
		"path": ["contracts", "db", "spec", "consumers", 1, "identity"],
		"subject": "db",
		"message": "contract db gives the secret of app:tools/** to a person",
	}}
}

test_workloads if {
	count(_found("vault-role:kubernetes/tools", "active")) == 0
	count(_found("human:alice", "retired")) == 0
}
