# METADATA
# title: Logins to machines go past the platform's identities
# description: >-
#   Keys of a whole project, the serial port, and machines that keep their own users
#   are not taken away from somebody who leaves, and do not ask for a second factor.
# custom:
#   severity: medium
#   fix: Set enable-oslogin = TRUE, remove serial-port-enable and the keys of the project.
#   cwe: [287]
package policyctl.terraform.machine_login_beside_identity

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"{fault.argument} of {fault.subject} lets people log in past their identity"} if {
	some fault in terraform.faults(_table)
}

_machine := {
	{"path": "metadata.serial-port-enable", "bad": {"true", "1"}},
	{"path": "metadata.enable-oslogin", "bad": {"false", "0"}},
}

_table := {
	"google_compute_instance": _machine,
	"google_compute_instance_template": _machine,
	"google_compute_project_metadata": (_machine | {{"path": "metadata.ssh-keys", "like": "."}, {"path": "metadata.sshKeys", "like": "."}}),
	"google_compute_project_metadata_item": {
		{"path": "key", "bad": {"ssh-keys", "sshkeys"}},
		{"path": "value", "bad": {"true", "1"}, "when": {"key": {"serial-port-enable"}}},
		{"path": "value", "bad": {"false", "0"}, "when": {"key": {"enable-oslogin"}}},
	},
	"google_compute_region_instance_template": _machine,
	"yandex_compute_instance": {{"path": "metadata.serial-port-enable", "bad": {"true", "1"}}},
}
