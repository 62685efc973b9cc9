# METADATA
# title: Secret reaches a container as a variable
# description: >-
#   Variables are inherited by every process that the container starts, end up in
#   dumps and reports of errors, and keep the old value after a rotation until the pod
#   is restarted.
# custom:
#   severity: low
#   tier: audit
#   fix: Mount the Secret as a volume, and read the file.
#   tags: [secret-exposure]
#   cwe: [526]
package policyctl.kubernetes.secret_as_env

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": array.concat(entry.path, ["valueFrom", "secretKeyRef"]), "message": message} if {
	some entry in k8s.env
	is_object(entry.value.valueFrom.secretKeyRef)
	message := $"variable {entry.value.name} of container {entry.container} comes from a Secret"
}

deny contains {"path": path, "message": message} if {
	some container in k8s.containers
	is_array(container.value.envFrom)
	some i, source in container.value.envFrom
	is_object(source.secretRef)
	path := array.concat(container.path, ["envFrom", i, "secretRef"])
	message := $"all keys of Secret {source.secretRef.name} become variables of container {k8s.name(container)}"
}
