# METADATA
# title: Secret is written into a setting that many can read
# description: >-
#   A secure parameter or a key of an account is put into the settings of an app in
#   clear text when the template is deployed. Everyone who may read the
#   configuration has it, and it does not follow rotation.
# custom:
#   severity: medium
#   tier: strict
#   fix: Refer to a key vault (@Microsoft.KeyVault, secretRef, secureValue), or let a managed identity log in.
#   cwe: [522]
package policyctl.arm.secret_in_plain_setting

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains {"path": array.concat(resource.path, path), "subject": resource.address, "message": message} if {
	some resource in arm.holders
	walk(resource.entry, [path, value])
	_readable(resource, path)
	some source in arm.shown(resource.entry, path, value)
	message := $"{values.dotted(array.slice(path, 1, 99))} of {resource.address} has {source} in clear text"
}

_readable(_, path) if {
	path[count(path) - 1] == "value"
	some part in path
	part in {"appSettings", "connectionStrings", "env", "environmentVariables"}
}

_readable(resource, path) if {
	lower(resource.type) in {"microsoft.web/sites/config", "microsoft.web/sites/slots/config"}
	path[1] == "properties"
}
