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
import data.policyctl.lib.privilege

deny contains object.union({"path": path, "message": message}, _fix(container, path)) if {
	some container in k8s.containers
	k8s.true_like(container.value.securityContext.privileged)
	path := array.concat(container.path, ["securityContext", "privileged"])
	message := $"container {k8s.name(container)} runs privileged"
}

# _fix is the change where nothing says what the container needs the rights for: it neither
# prepares nor examines others, nor works in the namespaces or on the files of the host.
_fix(container, path) := {"fix": {"op": "replace", "path": path, "value": false}} if {
	pod := array.slice(container.path, 0, count(container.path) - 2)
	array.slice(container.path, count(pod), count(container.path) - 1) == ["containers"]
	not _on_host(object.get(input, pod, {}))
	not privilege.needed(object.get(container.value, "image", null), _words(container.value))
} else := {}

_on_host(spec) if k8s.true_like(spec[["hostPID", "hostNetwork", "hostIPC"][_]])

_on_host(spec) if {
	some volume in spec.volumes
	volume.hostPath
}

_words(container) := [word | some key in ["command", "args"]; some word in object.get(container, key, [])]
