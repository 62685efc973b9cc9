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

deny contains {"path": array.concat(volume.path, ["hostPath", "path"]), "message": message} if {
	some volume in k8s.volumes
	folder := volume.value.hostPath.path
	is_string(folder)
	folder != ""
	regex.match(_sensitive, concat("", [trim_right(folder, "/"), "/"]))
	message := $"volume {k8s.name(volume)} mounts {folder} of the node"
}

# _sensitive are folders with a final slash. Plug-ins of the kubelet need their
# own folders below /var/lib/kubelet; no Secret lies there.
_sensitive := concat("|", [
	`^/+(?:(?:etc|home|root|run|var|var/run|var/lib)/)?$`,
	`^/(?:var/)?run/(?:docker|podman/podman|containerd/containerd|crio/crio|cri-dockerd)\.sock/$`,
	`^/(?:var/)?run/(?:podman|containerd|crio|secrets)/$`,
	`^/etc/(?:kubernetes|ssh|ssl/private|rancher|origin)/`,
	`^/var/lib/kubelet/(?:$|pods/|pki/|kubeconfig/|config\.json/)`,
	`^/var/lib/(?:etcd|rancher|kubernetes)/`,
	`^/(?:root|home/[^/]+)/(?:\.(?:aws|azure|config|docker|gnupg|kube|ssh|vault-token|netrc)/|$)`,
])
