# METADATA
# title: Control plane runs without a protection of credentials
# description: >-
#   The default of these options is the unsafe one: Secrets are written to etcd as
#   they are, controllers share one account, clients of etcd need no certificate, and
#   requests without credentials are answered.
# custom:
#   severity: medium
#   tier: strict
#   fix: Set the option.
#   tags: [encryption, identity]
#   cwe: [311, 287]
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

_needed := {
	"kube-apiserver": {
		"encryption-provider-config": "writes Secrets to etcd unencrypted",
		"anonymous-auth": "answers requests of nobody in particular",
		"service-account-key-file": "checks tokens of service accounts with its TLS key",
	},
	"kube-controller-manager": {
		"use-service-account-credentials": "runs all controllers with its own rights",
		"service-account-private-key-file": "issues no tokens of service accounts of its own",
	},
	"etcd": {"client-cert-auth": "asks clients for no certificate"},
}
