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

deny contains object.union(arm.place(resource, path), {"message": message}) if {
	some type, paths in _plain
	some path, plain in paths
	some resource in arm.resources[type]
	lower(sprintf("%v", [object.get(resource.values, path, null)])) == plain
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

# A parameter of a server is a resource of its own.
deny contains object.union(arm.place(setting, ["properties", "value"]), {"message": message}) if {
	some type in ["microsoft.dbformysql/flexibleservers/configurations", "microsoft.dbforpostgresql/flexibleservers/configurations"]
	some setting in arm.resources[type]
	is_string(setting.entry.name)
	regex.match(`(?:^|/)require_secure_transport$`, setting.entry.name)
	upper(setting.values.properties.value) == "OFF"
	message := $"{setting.address} lets clients connect without encryption"
}
