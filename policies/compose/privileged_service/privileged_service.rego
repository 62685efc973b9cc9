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

deny contains {"path": array.concat(service.path, ["privileged"]), "message": message, "fix": fix} if {
	some service in compose.services
	_true(service.value.privileged)
	message := $"service {service.name} runs privileged"
	fix := {"op": "replace", "path": array.concat(service.path, ["privileged"]), "value": false}
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
