package policyctl.arm.secret_in_plain_setting_test

import data.policyctl.arm.secret_in_plain_setting as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_settings if {
	_in("Microsoft.Web/sites", {"properties": {"siteConfig": {"appSettings": [{"name": "A", "value": "b"}, {"name": "C", "value": {"$unknown": ["listKeys"]}}]}}}) == {"properties.siteConfig.appSettings.1.value"}
	_in("Microsoft.Web/sites/config", {"properties": {"A": {"$unknown": ["parameters.pw"]}}}) == {"properties.A"}
}

test_silent if {
	_in("Microsoft.Web/sites", {"properties": {"siteConfig": {"appSettings": [{"name": "A", "value": {"$unknown": ["parameters.plain"]}}]}}}) == set()
	_in("Microsoft.ContainerInstance/containerGroups", {"properties": {"environmentVariables": [{"name": "A", "secureValue": {"$unknown": ["parameters.pw"]}}]}}) == set()
	_in("Microsoft.Sql/servers", {"properties": {"administratorLoginPassword": {"$unknown": ["parameters.pw"]}}}) == set()
}
