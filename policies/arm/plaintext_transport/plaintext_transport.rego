# METADATA
# title: Connections are not encrypted
# description: >-
#   Whoever is on the network reads passwords, tokens and data that pass.
# custom:
#   severity: medium
#   fix: Ask for HTTPS or TLS.
#   cwe: [319]
package policyctl.arm.plaintext_transport

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(resource, path), {"message": message}) if {
	some type, paths in _plain
	some path, plain in paths
	some resource in arm.resources[type]
	some alternative in values.alternatives(object.get(resource.values, path, null))
	lower(sprintf("%v", [alternative.value])) == plain
	message := $"{resource.address} accepts connections that are not encrypted"
}

_plain := {
	"microsoft.cache/redis": {["properties", "enableNonSslPort"]: "true"},
	"microsoft.dbformariadb/servers": {["properties", "sslEnforcement"]: "disabled"},
	"microsoft.dbformysql/servers": {["properties", "sslEnforcement"]: "disabled"},
	"microsoft.dbforpostgresql/servers": {["properties", "sslEnforcement"]: "disabled"},
	"microsoft.storage/storageaccounts": {["properties", "supportsHttpsTrafficOnly"]: "false"},
	"microsoft.web/sites": {["properties", "httpsOnly"]: "false", ["properties", "siteConfig", "ftpsState"]: "allallowed"},
	"microsoft.web/sites/slots": {["properties", "httpsOnly"]: "false"},
}

# A gateway that takes HTTP, and sends nobody elsewhere.
deny contains object.union(arm.place(gateway, array.concat(array.concat(["properties", "httpListeners"], listener.path), ["properties", "protocol"])), {"message": message}) if {
	some gateway in arm.resources["microsoft.network/applicationgateways"]
	some listener in values.members(object.get(gateway.values, ["properties", "httpListeners"], []))
	listener.value.properties.protocol == "Http"
	rules := object.get(gateway.values, ["properties", "requestRoutingRules"], [])
	not values.unknown(rules)
	every rule in values.members(rules) {
		rule.value.properties.backendAddressPool
	}
	message := $"{gateway.address} accepts connections that are not encrypted"
}

deny contains object.union(arm.place(api, array.concat(["properties", "protocols"], protocol.path)), {"message": message}) if {
	some api in arm.resources["microsoft.apimanagement/service/apis"]
	some protocol in values.members(object.get(api.values, ["properties", "protocols"], []))
	protocol.value == "http"
	message := $"{api.address} accepts connections that are not encrypted"
}

# A parameter of a server is a resource of its own.
deny contains object.union(arm.place(setting, ["properties", "value"]), {"message": message}) if {
	some type in ["microsoft.dbformysql/flexibleservers/configurations", "microsoft.dbforpostgresql/flexibleservers/configurations"]
	some setting in arm.resources[type]
	is_string(setting.entry.name)
	regex.match(`(?:^|/)require_secure_transport$`, setting.entry.name)
	upper(setting.values.properties.value) == "OFF"
	message := $"{setting.address} lets clients connect without encryption"
}
