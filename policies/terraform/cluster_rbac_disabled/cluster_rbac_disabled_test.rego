package policyctl.terraform.cluster_rbac_disabled_test

import data.policyctl.terraform.cluster_rbac_disabled as rule

_cluster(type, values) := {"resources": [{"address": $"{type}.a", "mode": "managed", "type": type, "name": "a", "values": values}]}

test_fires if {
	{found.path | some found in rule.deny} == {["resources", 0, "values", "role_based_access_control_enabled"]} with input as _cluster("azurerm_kubernetes_cluster", {"role_based_access_control_enabled": false})
	count(rule.deny) == 1 with input as _cluster("azurerm_kubernetes_cluster", {"role_based_access_control": [{"enabled": false}]})
	count(rule.deny) == 1 with input as _cluster("google_container_cluster", {"enable_legacy_abac": true})
}

test_silent if {
	every values in [{}, {"role_based_access_control_enabled": true}, {"role_based_access_control_enabled": {"$unknown": ["var.rbac"]}}] {
		count(rule.deny) == 0 with input as _cluster("azurerm_kubernetes_cluster", values)
	}
	count(rule.deny) == 0 with input as _cluster("google_container_cluster", {"enable_legacy_abac": false})
}
