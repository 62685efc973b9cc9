package policyctl.arm.secret_in_extension_settings_test

import data.policyctl.arm.secret_in_extension_settings as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_settings if {
	_in("Microsoft.Compute/virtualMachines/extensions", {"properties": {"settings": {"commandToExecute": {"$unknown": ["parameters.pw"], "$text": "run ${parameters.pw}"}}}}) == {"properties.settings.commandToExecute"}
}

test_silent if {
	_in("Microsoft.Compute/virtualMachines/extensions", {"properties": {"settings": {"commandToExecute": {"$unknown": ["parameters.plain"]}}, "protectedSettings": {"storageAccountKey": {"$unknown": ["parameters.pw"]}}}}) == set()
}
