package policyctl.terraform.machine_login_beside_identity_test

import data.policyctl.terraform.machine_login_beside_identity as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_past_identities if {
	rule.deny == {{
		"path": ["resources", 0, "values", "metadata", "serial-port-enable"],
		"subject": "google_compute_instance.x",
		"message": "metadata.serial-port-enable of google_compute_instance.x lets people log in past their identity",
	}} with input as _module("google_compute_instance", {"metadata": {"serial-port-enable": "TRUE"}})
	_reported("google_compute_project_metadata_item", {"key": "ssh-keys", "value": {"$unknown": ["var.keys"]}}) == {"key"}
	_reported("google_compute_project_metadata_item", {"key": "enable-oslogin", "value": "FALSE"}) == {"value"}
}

test_silent if {
	_reported("google_compute_instance", {"metadata": {"enable-oslogin": "TRUE", "ssh-keys": "x"}}) == set()
	_reported("google_compute_instance", {"metadata": {"$unknown": ["var.metadata"]}}) == set()
	_reported("google_compute_project_metadata_item", {"key": "enable-oslogin", "value": "TRUE"}) == set()
}
