# METADATA
# title: Role grants everything
# description: >-
#   All verbs on all resources of all API groups are the rights of an
#   administrator: to read every Secret, and to grant oneself any other right.
# custom:
#   severity: high
#   fix: List the API groups, resources and verbs that are used.
#   tags: [rbac, least-privilege]
#   cwe: [269]
package policyctl.kubernetes.rbac_wildcard

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": rule.path, "message": message} if {
	some rule in k8s.role_rules
	k8s.grants_all(rule.value)
	message := $"the {input.kind} grants all verbs on all resources of all API groups"
}
