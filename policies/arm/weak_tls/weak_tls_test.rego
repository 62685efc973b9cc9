package policyctl.arm.weak_tls_test

import data.policyctl.arm.weak_tls as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_fires if {
	_in("Microsoft.Storage/storageAccounts", {"properties": {"minimumTlsVersion": "TLS1_0"}}) == {"properties.minimumTlsVersion"}
	_in("Microsoft.Web/sites", {"properties": {"siteConfig": {"minTlsVersion": "1.1"}}}) == {"properties.siteConfig.minTlsVersion"}
	_in("Microsoft.Network/applicationGateways", {"properties": {"sslPolicy": {"minProtocolVersion": "TLSv1_0"}}}) == {"properties.sslPolicy.minProtocolVersion"}
}

test_silent if {
	_in("Microsoft.Storage/storageAccounts", {"properties": {"minimumTlsVersion": "TLS1_2"}}) == set()
	_in("Microsoft.Sql/servers", {"properties": {"minimalTlsVersion": {"$unknown": ["parameters.plain"]}}}) == set()
}

test_named_otherwise if {
	_in("Microsoft.Network/applicationGateways", {"properties": {"sslPolicy": {"policyName": "AppGwSslPolicy20150501"}}}) == {"properties.sslPolicy.policyName"}
	switch := "Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10"
	_in("Microsoft.ApiManagement/service", {"properties": {"customProperties": {switch: "true"}}}) == {concat(".", ["properties.customProperties", switch])}
	_in("Microsoft.ApiManagement/service", {"properties": {"customProperties": {switch: "false"}}}) == set()
}
