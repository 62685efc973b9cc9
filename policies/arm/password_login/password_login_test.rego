package policyctl.arm.password_login_test

import data.policyctl.arm.password_login as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_fires if {
	_in("Microsoft.Compute/virtualMachines", {"properties": {"osProfile": {"linuxConfiguration": {"disablePasswordAuthentication": false}}}}) == {"properties.osProfile.linuxConfiguration.disablePasswordAuthentication"}
}

test_silent if {
	_in("Microsoft.Compute/virtualMachines", {"properties": {"osProfile": {"linuxConfiguration": {"disablePasswordAuthentication": true}}}}) == set()
	_in("Microsoft.Compute/virtualMachines", {"properties": {"osProfile": {"windowsConfiguration": {}}}}) == set()
}
