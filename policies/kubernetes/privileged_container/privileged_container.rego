# METADATA
# title: Container runs privileged
# description: A privileged container can read every secret of its node, those of other pods included.
# custom:
#   severity: high
#   fix: Remove securityContext.privileged, or set it to false; add the single capability that is needed.
#   tags: [isolation]
#   cwe: [250]
package policyctl.kubernetes.privileged_container

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": path, "message": message, "fix": fix} if {
	some container in k8s.containers
	k8s.true_like(container.value.securityContext.privileged)
	path := array.concat(container.path, ["securityContext", "privileged"])
	message := $"container {k8s.name(container)} runs privileged"
	fix := {"op": "replace", "path": path, "value": false}
}
