package policyctl.kubernetes.control_plane_option_missing_test

import data.policyctl.kubernetes.control_plane_option_missing as rule

_pod(command) := {"kind": "Pod", "spec": {"containers": [{"command": command}]}}

test_missing if {
	rule.deny == {{
		"path": ["spec", "containers", 0],
		"message": "kube-apiserver writes Secrets to etcd unencrypted: --encryption-provider-config is not set",
	}} with input as _pod(["kube-apiserver", "--anonymous-auth=false", "--service-account-key-file=/a", "--audit-policy-file=/p", "--audit-log-path=/l"])
	count(rule.deny) == 1 with input as _pod(["etcd"])
}

test_set if {
	every command in [
		["etcd", "--client-cert-auth"], ["etcd", "--config-file=/etc/etcd.yaml"], ["web"],
		["kube-controller-manager", "--use-service-account-credentials=true", "--service-account-private-key-file", "/a"],
	] {
		count(rule.deny) == 0 with input as _pod(command)
	}
	count(rule.deny) == 0 with input as {"kind": "ClusterConfiguration", "apiServer": {"extraArgs": {"v": "1"}}}
}

_audited(options) := _pod(array.concat(["kube-apiserver", "--encryption-provider-config=/e", "--anonymous-auth=false", "--service-account-key-file=/k", "--audit-policy-file=/p"], options))

test_audit_log if {
	{deny.message | some deny in rule.deny} == {"kube-apiserver does not log who reads Secrets: --audit-log-path is not set"} with input as _audited([])
	{deny.message | some deny in rule.deny} == {"kube-apiserver keeps its audit log for too short a time: --audit-log-maxage is 7, less than 30"} with input as _audited(["--audit-log-path=/l", "--audit-log-maxage=7", "--audit-log-maxsize=100"])
	count(rule.deny) == 0 with input as _audited(["--audit-webhook-config-file=/w", "--audit-log-maxage=0"])
}
