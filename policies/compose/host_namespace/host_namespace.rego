# METADATA
# title: Service shares a namespace of the host
# description: >-
#   In the network of the host a service reaches what listens on localhost only; among the processes of the host it reads
#   their environment and memory, secrets included.
# related_resources:
#   - https://docs.docker.com/reference/compose-file/services/#network_mode
# custom:
#   severity: medium
#   tier: strict
#   fix: Remove the setting, publish the ports that are needed, and put services that talk to each other into one network.
#   tags: [hardening]
#   cwe: [653]
package policyctl.compose.host_namespace

import data.policyctl.lib.compose

deny contains {"path": array.concat(service.path, [key]), "message": message} if {
	some service in compose.services
	some key, what in _settings
	service.value[key] == "host"
	message := $"service {service.name} shares {what} of the host"
}

_settings := {
	"network_mode": "the network",
	"pid": "the processes",
	"ipc": "the shared memory",
	"uts": "the host name",
	"userns_mode": "the users",
}
