# METADATA
# title: Cluster does not tell its users apart
# description: >-
#   Without RBAC, everyone with a login may read every Secret of the cluster.
# custom:
#   severity: high
#   fix: Set enableRBAC to true.
#   cwe: [285]
package policyctl.arm.cluster_rbac_disabled

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(cluster, ["properties", "enableRBAC"]), {"message": message}) if {
	some cluster in arm.resources["microsoft.containerservice/managedclusters"]
	values.may_be_false(object.get(cluster.values, ["properties", "enableRBAC"], true))
	message := $"{cluster.address} has RBAC turned off"
}
