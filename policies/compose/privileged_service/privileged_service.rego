# METADATA
# title: Service runs privileged
# description: >-
#   A privileged container reaches the devices and the kernel of the host, and through them every secret of the host and of
#   the containers on it.
# related_resources:
#   - https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities
# custom:
#   severity: high
#   fix: Remove privileged, and add the one capability or device that the service needs.
#   tags: [hardening]
#   cwe: [250]
package policyctl.compose.privileged_service

import data.policyctl.lib.compose
import data.policyctl.lib.privilege

deny contains object.union({"path": path, "message": message}, _fix(service.value, path)) if {
	some service in compose.services
	_true(service.value.privileged)
	path := array.concat(service.path, ["privileged"])
	message := $"service {service.name} runs privileged"
}

deny contains {"path": array.concat(service.path, ["cap_add", i]), "message": message} if {
	some service in compose.services
	is_array(service.value.cap_add)
	some i, capability in service.value.cap_add
	is_string(capability)
	upper(capability) in {"ALL", "CAP_ALL"}
	message := $"service {service.name} has all capabilities, as if it were privileged"
}

_true(value) if value == true

# Compose takes these words for true, quoted or not.
_true(value) if {
	is_string(value)
	lower(value) in {"yes", "on", "y", "true"}
}

# _fix is the change where nothing says what the service needs the rights for: it works neither
# in the namespaces of the host nor on its devices and files.
_fix(service, path) := {"fix": {"op": "replace", "path": path, "value": false}} if {
	not _on_host(service)
	not privilege.needed(object.get(service, "image", null), _words(service))
} else := {}

_on_host(service) if service[["network_mode", "pid", "ipc"][_]] == "host"

_on_host(service) if service[["devices", "cap_add"][_]]

_on_host(service) if {
	some volume in service.volumes
	regex.match(`^/(?:|dev|sys|proc|run|boot|lib/modules|var/run|var/lib/docker)(?:[/:]|$)`, _source(volume))
}

_source(volume) := volume if is_string(volume)

_source(volume) := volume.source if is_object(volume)

_words(service) := [word |
	some key in ["entrypoint", "command"]
	value := object.get(service, key, [])
	some word in {"array": value, "string": [value]}[type_name(value)]
]
