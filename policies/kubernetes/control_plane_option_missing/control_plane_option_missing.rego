# METADATA
# title: Control plane runs without a protection of credentials
# description: >-
#   The default of these options is the unsafe one: Secrets are written to etcd as
#   they are, controllers share one account, clients of etcd need no certificate,
#   requests without credentials are answered, and nobody writes down who read what.
# custom:
#   severity: medium
#   tier: strict
#   fix: Set the option.
#   tags: [encryption, identity]
#   cwe: [311, 287, 778]
package policyctl.kubernetes.control_plane_option_missing

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": program.path, "message": message} if {
	some program in k8s.flags
	program.path[0] == "spec"
	some option, why in _needed[program.program]
	not program.set[option]
	not program.set["config-file"]
	message := $"{program.program} {why}: --{option} is not set"
}

# A policy without a place for the log is no log; a log that is soon overwritten is none
# of last month.
deny contains {"path": program.path, "message": "kube-apiserver does not log who reads Secrets: --audit-log-path is not set"} if {
	some program in k8s.flags
	program.program == "kube-apiserver"
	program.set["audit-policy-file"]
	not program.set["audit-log-path"]
	not program.set["audit-webhook-config-file"]
}

deny contains {"path": program.set[option].path, "message": message} if {
	some program in k8s.flags
	program.program == "kube-apiserver"
	some option, least in {"audit-log-maxage": 30, "audit-log-maxbackup": 10, "audit-log-maxsize": 100}
	value := program.set[option].value
	regex.match(`^[1-9][0-9]{0,5}$`, value)
	to_number(value) < least
	message := $"kube-apiserver keeps its audit log for too short a time: --{option} is {value}, less than {least}"
}

_needed := {
	"kube-apiserver": {
		"encryption-provider-config": "writes Secrets to etcd unencrypted",
		"anonymous-auth": "answers requests of nobody in particular",
		"service-account-key-file": "checks tokens of service accounts with its TLS key",
		"audit-policy-file": "does not log who reads Secrets",
	},
	"kube-controller-manager": {
		"use-service-account-credentials": "runs all controllers with its own rights",
		"service-account-private-key-file": "issues no tokens of service accounts of its own",
	},
	"etcd": {"client-cert-auth": "asks clients for no certificate"},
}
