package policyctl.kubernetes.host_path_credentials_test

import data.policyctl.kubernetes.host_path_credentials as rule

_pod(source) := {"kind": "Pod", "spec": {"containers": [], "volumes": [{"name": "host", "hostPath": source}]}}

test_folders_with_credentials if {
	every folder in [
		"/", "/etc", "/etc/", "/root", "/home", "/var/run", "/run", "/var/lib", "/var/run/docker.sock", "/run/containerd/containerd.sock",
		"/run/containerd", "/etc/kubernetes", "/etc/kubernetes/pki/etcd", "/var/lib/kubelet", "/var/lib/kubelet/pods", "/var/lib/etcd",
		"/root/.aws", "/root/.kube/config", "/home/app/.ssh", "/home/app/",
	] {
		rule.deny == {{
			"path": ["spec", "volumes", 0, "hostPath", "path"],
			"message": $"volume host mounts {folder} of the node",
			"targets": [$"{trim_right(folder, "/")}/*"],
		}} with input as _pod({"path": folder})
	}
}

test_other_folders if {
	every folder in [
		"/var/log", "/lib/modules", "/etc/localtime", "/run/xtables.lock", "/sys", "/data", "/var/lib/docker/containers", "/var/lib/kubelet/plugins",
		"/var/lib/kubelet/device-plugins", "/root/data/x", "/home/app/data", "/opt/cni/bin", "/etcd", "", 5,
	] {
		count(rule.deny) == 0 with input as _pod({"path": folder})
	}
	count(rule.deny) == 0 with input as _pod("/etc")
}
