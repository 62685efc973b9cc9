package policyctl.kubernetes.cluster_secret_store_open_test

import data.policyctl.kubernetes.cluster_secret_store_open as rule

_store(spec) := {"apiVersion": "external-secrets.io/v1", "kind": "ClusterSecretStore", "metadata": {"name": "s"}, "spec": spec}

test_open if {
	every spec in [{}, {"conditions": []}, {"provider": {"vault": {}}}] {
		rule.deny == {{"path": ["spec", "conditions"], "message": "ClusterSecretStore s can be used from every namespace"}} with input as _store(spec)
	}
}

test_limited if {
	every spec in [{"conditions": [{"namespaces": ["shop"]}]}, {"provider": {"fake": {"data": []}}}, {"conditions": "${CONDITIONS}"}] {
		count(rule.deny) == 0 with input as _store(spec)
	}
	count(rule.deny) == 0 with input as object.union(_store({}), {"kind": "SecretStore"})
}
