package policyctl.arm.plaintext_transport_test

import data.policyctl.arm.plaintext_transport as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_settings_of_servers if {
	_setting("OFF") == 1
	_setting("ON") == 0
}

_setting(value) := count(all) if {
	all := rule.deny with input as {"resources": [{"address": "x", "type": "Microsoft.DBforMySQL/flexibleServers/configurations", "name": "a/require_secure_transport", "values": {"properties": {"value": value}}}]}
}

test_fires if {
	_in("Microsoft.Storage/storageAccounts", {"properties": {"supportsHttpsTrafficOnly": false}}) == {"properties.supportsHttpsTrafficOnly"}
	_in("Microsoft.DBforPostgreSQL/servers", {"properties": {"sslEnforcement": "Disabled"}}) == {"properties.sslEnforcement"}
}

test_silent if {
	_in("Microsoft.Storage/storageAccounts", {"properties": {}}) == set()
	_in("Microsoft.Web/sites", {"properties": {"httpsOnly": {"$unknown": ["parameters.plain"]}}}) == set()
}

test_gateways_and_apis if {
	listeners := [{"properties": {"protocol": "Https"}}, {"properties": {"protocol": "Http"}}]
	_in("Microsoft.Network/applicationGateways", {"properties": {"httpListeners": listeners, "requestRoutingRules": [{"properties": {"backendAddressPool": {"id": "x"}}}]}}) == {"properties.httpListeners.1.properties.protocol"}
	_in("Microsoft.Network/applicationGateways", {"properties": {"httpListeners": listeners, "requestRoutingRules": [{"properties": {"redirectConfiguration": {"id": "x"}}}]}}) == set()
	_in("Microsoft.ApiManagement/service/apis", {"properties": {"protocols": ["https", "http"]}}) == {"properties.protocols.1"}
	_in("Microsoft.ApiManagement/service/apis", {"properties": {"protocols": ["https"]}}) == set()
}
