# METADATA
# title: Service mounts a folder of its host that holds credentials
# description: >-
#   The root, /etc, the folders of the engine and of the users hold keys, tokens and the secrets of other services.
#   Mounting them read-only hides none of them.
# custom:
#   severity: medium
#   tier: strict
#   fix: Mount the one folder or file below that is needed and holds no credential, or give the service a secret of its own.
#   tags: [hardening]
#   cwe: [668]
package policyctl.compose.host_path_credentials

import data.policyctl.lib.compose
import data.policyctl.lib.secrets

# The socket of the engine breaks docker-socket-mounted.
deny contains {"path": array.concat(service.path, ["volumes", i, "source"]), "message": message} if {
	some service in compose.services
	is_array(service.value.volumes)
	some i, volume in service.value.volumes
	is_object(volume)
	is_string(volume.source)
	not endswith(volume.source, ".sock")
	secrets.host_folder(regex.replace(volume.source, `^(?:~|\$HOME|\$\{HOME\})/`, "/root/"))
	message := $"service {service.name} mounts {volume.source} of the host"
}
