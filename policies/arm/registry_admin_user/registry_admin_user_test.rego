package policyctl.arm.registry_admin_user_test

import data.policyctl.arm.registry_admin_user as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_fires if {
	_in("Microsoft.ContainerRegistry/registries", {"properties": {"adminUserEnabled": true}}) == {"properties.adminUserEnabled"}
}

test_silent if {
	_in("Microsoft.ContainerRegistry/registries", {"properties": {}}) == set()
	_in("Microsoft.ContainerRegistry/registries", {"properties": {"adminUserEnabled": {"$unknown": ["parameters.plain"]}}}) == set()
}
