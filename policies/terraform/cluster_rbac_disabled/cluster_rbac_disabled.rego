# METADATA
# title: Cluster does not tell its users apart
# description: Without RBAC, everyone with a login may read every Secret of the cluster.
# custom:
#   severity: high
#   fix: Set role_based_access_control_enabled to true, which is the default.
#   cwe: [285]
package policyctl.terraform.cluster_rbac_disabled

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"the cluster does not tell its users apart: {fault.message}"} if {
	some fault in terraform.faults({
		"azurerm_kubernetes_cluster": {{"path": "role_based_access_control_enabled", "bad": {"false"}}, {"path": "role_based_access_control.enabled", "bad": {"false"}}},
		"google_container_cluster": {{"path": "enable_legacy_abac", "bad": {"true"}}},
	})
}
