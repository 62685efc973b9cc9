# METADATA
# title: Old versions of TLS are accepted
# description: >-
#   Versions before TLS 1.2 have flaws by which a connection can be read.
# custom:
#   severity: medium
#   fix: Ask for TLS 1.2 or later.
#   cwe: [326]
package policyctl.arm.weak_tls

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(resource, path), {"message": message}) if {
	some resource in arm.holders
	walk(resource.values, [path, value])
	is_string(value)
	lower(values.name(path, "")) in {"minimaltlsversion", "minimumtlsversion", "minprotocolversion", "mintlsversion"}
	regex.match(`(?i)^(?:tls_?)?v?1[._][01]$|^TLSEnforcementDisabled$`, value)
	message := $"{resource.address} accepts versions of TLS before 1.2"
}

deny contains object.union(arm.place(resource, path), {"message": message}) if {
	some resource in arm.resources["microsoft.apimanagement/service"]
	some name, value in resource.values.properties.customProperties
	is_string(name)
	regex.match(`(?i)Security\.(?:Backend\.)?Protocols\.(?:Tls10|Tls11|Ssl30)$`, name)
	lower(sprintf("%v", [value])) == "true"
	path := ["properties", "customProperties", name]
	message := $"{resource.address} accepts versions of TLS before 1.2"
}

deny contains object.union(arm.place(resource, path), {"message": message}) if {
	some resource in arm.resources["microsoft.network/applicationgateways"]
	path := ["properties", "sslPolicy", "policyName"]
	object.get(resource.values, path, "") in {"AppGwSslPolicy20150501", "AppGwSslPolicy20170401"}
	message := $"{resource.address} accepts versions of TLS before 1.2"
}
