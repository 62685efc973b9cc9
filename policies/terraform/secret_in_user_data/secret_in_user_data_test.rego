package policyctl.terraform.secret_in_user_data_test

import data.policyctl.terraform.secret_in_user_data as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_a_setting if {
	rule.deny == {{
		"path": ["resources", 0, "values", "user_data"],
		"match": "export DB_PASSWORD=correct-horse-battery",
		"subject": "aws_instance.x",
		"message": "start script user_data of aws_instance.x holds a literal credential",
	}} with input as _module("aws_instance", {"user_data": "#!/bin/sh\nexport DB_PASSWORD=correct-horse-battery\n./start"})
}

test_other_scripts if {
	script := "TOKEN=correct-horse-battery\n"
	_reported("google_compute_instance", {"metadata": {"startup-script": script, "env": "x"}}) == {"metadata.startup-script"}
	_reported("azurerm_virtual_machine", {"os_profile": [{"custom_data": script}]}) == {"os_profile.0.custom_data"}
	_reported("aws_launch_template", {"user_data": base64.encode(script)}) == {"user_data"}
	_reported("cloudinit_config", {"part": [{"content": "echo"}, {"content": script}]}) == {"part.1.content"}
	_reported("hcloud_server", {"user_data": concat("", ["cat <<E\n-----BEGIN RSA ", "PRIVATE KEY-----\n"])}) == {"user_data"}
}

test_silent if {
	_reported("aws_instance", {"user_data": "aws secretsmanager get-secret-value --secret-id orders\nDB_PASSWORD=$(fetch)\n"}) == set()
	_reported("aws_instance", {"user_data": {"$unknown": ["var.script"]}}) == set()
	_reported("aws_launch_template", {"user_data": base64.encode("echo started\n")}) == set()
	_reported("aws_instance", {"description": "TOKEN=correct-horse-battery"}) == set()
}
