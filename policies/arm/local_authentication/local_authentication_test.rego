package policyctl.arm.local_authentication_test

import data.policyctl.arm.local_authentication as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_fires if {
	_in("Microsoft.ServiceBus/namespaces", {"properties": {}}) == {"properties.disableLocalAuth"}
	_in("Microsoft.ServiceBus/namespaces", {"properties": {"disableLocalAuth": false}}) == {"properties.disableLocalAuth"}
	_in("Microsoft.Storage/storageAccounts", {}) == {"properties.allowSharedKeyAccess"}
	_in("Microsoft.DBforPostgreSQL/flexibleServers", {"properties": {"authConfig": {"passwordAuth": "Enabled"}}}) == {"properties.authConfig.passwordAuth"}
	_in("Microsoft.Web/sites/basicPublishingCredentialsPolicies", {"properties": {"allow": true}}) == {"properties.allow"}
}

test_silent if {
	_in("Microsoft.ServiceBus/namespaces", {"properties": {"disableLocalAuth": true}}) == set()
	_in("Microsoft.Storage/storageAccounts", {"properties": {"allowSharedKeyAccess": false}}) == set()
	_in("Microsoft.Storage/storageAccounts", {"properties": {"allowSharedKeyAccess": {"$unknown": ["parameters.plain"]}}}) == set()
	_in("Microsoft.DBforPostgreSQL/flexibleServers", {"properties": {"authConfig": {"activeDirectoryAuth": "Enabled", "passwordAuth": "Disabled"}}}) == set()
	_in("Microsoft.Sql/servers", {"properties": {"$unknown": ["condition"]}}) == set()
}
