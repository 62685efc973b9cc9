# METADATA
# title: Cluster role reads every Secret
# description: >-
#   Who holds the role reads the Secrets of every namespace in which it is bound,
#   with a ClusterRoleBinding those of the whole cluster. List and watch show the
#   values as get does.
# related_resources:
#   - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# custom:
#   severity: high
#   fix: Grant get on the Secrets that are needed, by name with resourceNames, in a Role of their namespace.
#   tags: [rbac, least-privilege]
#   cwe: [269]
package policyctl.kubernetes.rbac_reads_secrets

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": path, "message": message, "targets": k8s.verbs(rule.value)} if {
	input.kind == "ClusterRole"
	some rule in k8s.role_rules
	not k8s.grants_all(rule.value)
	path := array.concat(rule.path, ["resources", k8s.reads_secrets(rule.value)])
	message := "the cluster role may read every Secret of the namespaces where it is bound"
}
