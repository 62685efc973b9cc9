package policyctl.kubernetes.control_plane_authentication_test

import data.policyctl.kubernetes.control_plane_authentication as rule

_pod(command) := {"kind": "Pod", "spec": {"containers": [{"command": command}]}}

test_unsafe_options if {
	rule.deny == {{
		"path": ["spec", "containers", 0, "command", 2],
		"message": "kube-apiserver takes tokens that never expire from a file in clear text with --token-auth-file",
	}} with input as _pod(["kube-apiserver", "--anonymous-auth=false", "--token-auth-file=/etc/tokens.csv"])
	every command in [
		["kube-apiserver", "--anonymous-auth"], ["kubelet", "--authorization-mode", "AlwaysAllow"], ["etcd", "--client-cert-auth=false"],
		["kube-apiserver", "--insecure-port=8080"], ["kube-controller-manager", "--use-service-account-credentials=false"],
	] {
		count(rule.deny) == 1 with input as _pod(command)
	}
}

test_safe_options if {
	every command in [
		["kube-apiserver", "--anonymous-auth=false", "--authorization-mode=Node,RBAC", "--insecure-port=0"], ["etcd", "--anonymous-auth=true"],
		["kube-scheduler", "--anonymous-auth=true"], ["kubelet", "--read-only-port=0"],
	] {
		count(rule.deny) == 0 with input as _pod(command)
	}
}

test_configuration_of_kubelets if {
	rule.deny == {
		{"path": ["authentication", "anonymous", "enabled"], "message": "kubelet answers requests of nobody in particular"},
		{"path": ["readOnlyPort"], "message": "kubelet shows pods and their variables without authentication"},
	} with input as {"kind": "KubeletConfiguration", "authentication": {"anonymous": {"enabled": true}}, "readOnlyPort": 10255}
	count(rule.deny) == 0 with input as {"kind": "KubeletConfiguration", "authentication": {"anonymous": {"enabled": false}}, "readOnlyPort": 0}
	count(rule.deny) == 0 with input as {"kind": "KubeletConfiguration"}
}

test_ciphers if {
	rule.deny == {{"path": ["tlsCipherSuites", 1], "message": "kubelet accepts connections that can be read, with TLS_RSA_WITH_RC4_128_SHA"}} with input as {
		"kind": "KubeletConfiguration", "tlsCipherSuites": ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_RC4_128_SHA"],
	}
}
