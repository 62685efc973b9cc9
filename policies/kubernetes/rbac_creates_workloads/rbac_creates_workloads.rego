# METADATA
# title: Role may create pods beside Secrets
# description: >-
#   Whoever creates pods in a namespace mounts any Secret of it, and runs as any of
#   its service accounts, without a right to read Secrets.
# custom:
#   severity: low
#   tier: audit
#   fix: Grant it to what deploys only, in a namespace that holds no other Secrets.
#   tags: [rbac, least-privilege]
#   cwe: [269]
package policyctl.kubernetes.rbac_creates_workloads

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": path, "message": message} if {
	some rule in k8s.role_rules
	not k8s.grants_all(rule.value)
	some group, kinds in _makers
	some own in rule.value.apiGroups
	own in {"*", group}
	some i, resource in rule.value.resources
	resource in kinds
	some verb in ["create", "*"]
	verb in rule.value.verbs
	path := array.concat(rule.path, ["resources", i])
	message := $"the {input.kind} may create {resource}, and so use every Secret and service account of the namespace"
}

_makers := {
	"": {"pods", "podtemplates", "replicationcontrollers"},
	"apps": {"daemonsets", "deployments", "replicasets", "statefulsets"},
	"batch": {"cronjobs", "jobs"},
}
