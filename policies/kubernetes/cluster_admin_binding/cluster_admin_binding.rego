# METADATA
# title: Subject is bound to cluster-admin
# description: >-
#   cluster-admin reads every Secret of the cluster. Whoever takes over such a
#   workload or account has them all.
# custom:
#   severity: high
#   fix: Bind a role that grants what the subject uses, in the namespaces where it uses it.
#   tags: [rbac, least-privilege]
#   cwe: [269]
package policyctl.kubernetes.cluster_admin_binding

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": subject.path, "message": message} if {
	input.kind == "ClusterRoleBinding"
	input.roleRef.name == "cluster-admin"
	some subject in k8s.subjects
	not _built_in(subject.value.name)
	message := $"{subject.value.kind} {subject.value.name} is bound to cluster-admin"
}

# admin and edit read every Secret too, for whoever has logged in.
deny contains {"path": subject.path, "message": message} if {
	input.kind == "ClusterRoleBinding"
	input.roleRef.name in {"admin", "edit"}
	some subject in k8s.subjects
	regex.match(`^system:(?:authenticated|serviceaccounts)$`, subject.value.name)
	message := $"{subject.value.kind} {subject.value.name} is bound to {input.roleRef.name}"
}

# Names that begin with system: belong to Kubernetes. Those of anonymous users
# have a rule of their own.
_built_in(name) if {
	is_string(name)
	startswith(name, "system:")
	not regex.match(_everyone, name)
}

# _everyone are the groups of whoever has logged in and of service accounts. A
# service account may also be named as the user that it is.
_everyone := `^system:(?:authenticated|serviceaccounts(?::.*)?|serviceaccount:.*)$`
