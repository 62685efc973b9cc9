# METADATA
# title: Secret of an automation account is kept in clear text
# description: >-
#   Everyone who may read the account reads the variable.
# custom:
#   severity: high
#   fix: Set isEncrypted to true, or read the secret from a key vault.
#   cwe: [312]
package policyctl.arm.automation_variable_not_encrypted

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(variable, ["properties", "isEncrypted"]), {"message": message}) if {
	some variable in arm.resources["microsoft.automation/automationaccounts/variables"]
	_off(variable.values, ["properties", "isEncrypted"])
	_secret(variable)
	message := $"{variable.address} keeps a secret in clear text"
}

_secret(variable) if {
	is_string(variable.entry.name)
	arm.secret_value(regex.replace(variable.entry.name, `^.*/`, ""))
}

_secret(variable) if count(arm.shown(variable.entry, ["values", "properties", "value"], object.get(variable.values, ["properties", "value"], null))) > 0

_off(properties, path) if {
	values.absent(properties, path)
	not values.unknown(object.get(properties, array.slice(path, 0, count(path) - 1), null))
}

_off(properties, path) if values.may_be_false(object.get(properties, path, null))
