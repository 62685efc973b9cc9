package policyctl.kubernetes.sealed_secret_scope_test

import data.policyctl.kubernetes.sealed_secret_scope as rule

_sealed(annotations) := {"kind": "SealedSecret", "metadata": {"name": "s", "annotations": annotations}}

test_wider if {
	rule.deny == {{
		"path": ["metadata", "annotations", "sealedsecrets.bitnami.com/cluster-wide"],
		"message": "SealedSecret s can be opened in every namespace of the cluster",
	}} with input as _sealed({"sealedsecrets.bitnami.com/cluster-wide": "true"})
	count(rule.deny) == 1 with input as _sealed({"sealedsecrets.bitnami.com/namespace-wide": "true"})
}

test_strict if {
	every annotations in [{}, {"sealedsecrets.bitnami.com/cluster-wide": "false"}, {"sealedsecrets.bitnami.com/managed": "true"}, "x"] {
		count(rule.deny) == 0 with input as _sealed(annotations)
	}
	count(rule.deny) == 0 with input as object.union(_sealed({"sealedsecrets.bitnami.com/cluster-wide": "true"}), {"kind": "Secret"})
}
