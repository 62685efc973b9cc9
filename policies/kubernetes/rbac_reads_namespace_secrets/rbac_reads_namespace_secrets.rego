# METADATA
# title: Role reads every Secret of its namespace
# description: >-
#   Who holds the role reads all Secrets of the namespace, those that are added
#   later included. List and watch show the values as get does.
# related_resources:
#   - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# custom:
#   severity: medium
#   fix: Grant get on the Secrets that are needed, by name with resourceNames.
#   tags: [rbac, least-privilege]
#   cwe: [269]
package policyctl.kubernetes.rbac_reads_namespace_secrets

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": path, "message": message, "targets": k8s.verbs(rule.value)} if {
	input.kind == "Role"
	some rule in k8s.role_rules
	not k8s.grants_all(rule.value)
	path := array.concat(rule.path, ["resources", k8s.reads_secrets(rule.value)])
	message := "the role may read every Secret of its namespace"
}
