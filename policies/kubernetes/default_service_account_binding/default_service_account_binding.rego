# METADATA
# title: Role is bound to the default service account
# description: >-
#   Every pod of the namespace that names no service account has the rights of the
#   role, those that are added later included.
# custom:
#   severity: medium
#   fix: Bind the role to a service account made for the workload that needs it.
#   tags: [rbac, least-privilege]
#   cwe: [269]
package policyctl.kubernetes.default_service_account_binding

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": array.concat(subject.path, ["name"]), "message": message} if {
	some subject in k8s.subjects
	subject.value.kind == "ServiceAccount"
	subject.value.name == "default"
	message := $"role {input.roleRef.name} is bound to the default service account: every pod that names no other has it"
}
