# METADATA
# title: Pod mounts a folder of its node that holds credentials
# description: >-
#   The folders of the kubelet, the control plane, the container runtime and the
#   users of a node hold keys, tokens and the Secrets of other pods. The socket of
#   a runtime gives root on the node.
# custom:
#   severity: high
#   fix: Remove the hostPath volume, or mount the one folder below it that is needed and holds no credential.
#   tags: [isolation]
#   cwe: [668]
package policyctl.kubernetes.host_path_credentials

import data.policyctl.lib.kubernetes as k8s
import data.policyctl.lib.secrets

deny contains {"path": array.concat(volume.path, ["hostPath", "path"]), "message": message, "targets": [$"{trim_right(folder, "/")}/*"]} if {
	some volume in k8s.volumes
	folder := volume.value.hostPath.path
	is_string(folder)
	secrets.host_folder(folder)
	message := $"volume {k8s.name(volume)} mounts {folder} of the node"
}
