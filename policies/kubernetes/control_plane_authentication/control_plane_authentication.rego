# METADATA
# title: Control plane accepts requests without a checked identity
# description: >-
#   Who is asking is not known, or told by a static file of passwords and tokens. The
#   API server, the kubelets and etcd give every Secret of the cluster to whoever they
#   let in.
# custom:
#   severity: high
#   fix: Remove the option, or set it to the safe value.
#   tags: [anonymous, identity]
#   cwe: [287, 306]
package policyctl.kubernetes.control_plane_authentication

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": option.path, "message": message} if {
	some program in k8s.flags
	some name, option in program.set
	some [flag, pattern, why] in _unsafe[program.program]
	flag == name
	regex.match(pattern, option.value)
	message := $"{program.program} {why} with --{name}"
}

deny contains {"path": path, "message": $"kubelet {why}"} if {
	input.kind == "KubeletConfiguration"
	some [path, pattern, why] in _configured
	value := object.get(input, path, "")
	regex.match(pattern, $"{value}")
}

deny contains {"path": array.concat(["tlsCipherSuites"], [i]), "message": $"kubelet accepts connections that can be read, with {suite}"} if {
	input.kind == "KubeletConfiguration"
	some i, suite in input.tlsCipherSuites
	regex.match(_broken, $"{suite}")
}

_broken := `RC4|3DES|_NULL_|_anon_|_EXPORT_`

_weak := ["tls-cipher-suites", _broken, "accepts connections that can be read"]

_anonymous := ["anonymous-auth", "^true$", "answers requests of nobody in particular"]

_allows := ["authorization-mode", `(?:^|,)AlwaysAllow(?:,|$)`, "allows every request"]

_unsafe := {
	"kube-apiserver": [
		_anonymous, _allows, _weak,
		["basic-auth-file", ".", "takes passwords from a file in clear text"],
		["token-auth-file", ".", "takes tokens that never expire from a file in clear text"],
		["insecure-port", "^0*[1-9]", "listens without encryption and authentication"],
		["insecure-bind-address", ".", "listens without encryption and authentication"],
		["service-account-lookup", "^false$", "accepts tokens of service accounts that were deleted"],
	],
	"kubelet": [
		_anonymous, _allows, _weak,
		["read-only-port", "^0*[1-9]", "shows pods and their variables without authentication"],
		["rotate-certificates", "^false$", "does not renew its certificate"],
	],
	"kube-controller-manager": [["use-service-account-credentials", "^false$", "runs all controllers with its own rights"]],
	"etcd": [
		["client-cert-auth", "^false$", "asks clients for no certificate"],
		["peer-client-cert-auth", "^false$", "asks peers for no certificate"],
		["auto-tls", "^true$", "trusts certificates that nobody issued"],
	],
}

_configured := [
	[["authentication", "anonymous", "enabled"], "^true$", "answers requests of nobody in particular"],
	[["authorization", "mode"], "^AlwaysAllow$", "allows every request"],
	[["readOnlyPort"], "^0*[1-9]", "shows pods and their variables without authentication"],
	[["rotateCertificates"], "^false$", "does not renew its certificate"],
	[["featureGates", "RotateKubeletServerCertificate"], "^false$", "does not renew its certificate"],
]
