# METADATA
# title: Service controls the container engine
# description: >-
#   Whoever can write to the socket of the engine starts a privileged container, and reads every secret of the host and of
#   all other containers. Mounting it read-only does not help: requests are still answered.
# related_resources:
#   - https://docs.docker.com/engine/security/protect-access/
# custom:
#   severity: high
#   fix: Remove the mount, or put a proxy before the socket that lets through only what the service needs.
#   tags: [hardening]
#   cwe: [250]
package policyctl.compose.docker_socket_mounted

import data.policyctl.lib.compose

deny contains {"path": array.concat(service.path, ["volumes", i, "source"]), "message": message} if {
	some service in compose.services
	is_array(service.value.volumes)
	some i, volume in service.value.volumes
	is_object(volume)
	is_string(volume.source)
	regex.match(`(?:^|/)(?:docker|containerd|podman|crio)\.sock$`, volume.source)
	not _is_proxy(service)
	message := $"service {service.name} mounts the socket of the container engine"
}

# Compose mounts it by this word as well, and the registry logins of whoever runs it.
deny contains {"path": array.concat(service.path, ["use_api_socket"]), "message": message} if {
	some service in compose.services
	service.value.use_api_socket == true
	message := $"service {service.name} gets the socket of the container engine"
}

# A proxy that filters requests is what the fix asks for.
_is_proxy(service) if {
	is_string(service.value.image)
	regex.match(`(?i)socket-?proxy`, service.value.image)
}
