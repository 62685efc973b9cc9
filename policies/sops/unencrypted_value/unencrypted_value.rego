# METADATA
# title: Value of an encrypted file is in clear text
# description: >-
#   The file looks encrypted, and one of its values is not: it was added by hand, or an
#   option for what stays readable covers more than it should.
# custom:
#   severity: high
#   fix: Revoke the value, and write the new one with sops edit; narrow the option if it left it out.
#   tags: [encryption, secret-value]
#   cwe: [312]
package policyctl.sops.unencrypted_value

import data.policyctl.lib.secrets

deny contains {"path": ["left", i, "value"], "message": message} if {
	input.encrypted == true
	some i, value in input.left
	some why in _why(value)
	message := $"{value.name} is in clear text: {why}"
}

_why(value) := {"it was written past sops"} if {
	value.option == ""
	secrets.plausible(value.value)
} else := {$"{value.option} leaves it out"} if {
	value.option != ""
	secrets.secret_name(value.name)
	secrets.literal(value.value)
} else := set()
