# METADATA
# title: Secret is declared to be a mere identifier
# description: >-
#   An identifier needs no rotation, no revocation and no drill. What is named like a
#   password, key or token is none, and escapes all of that by its class alone.
# custom:
#   severity: high
#   fix: Give the contract the class of what it is, or the reference the name of the identifier that it holds.
#   tags: [inventory]
package policyctl.contract.identifier_names_secret

import data.policyctl.lib.contract
import data.policyctl.lib.secrets

deny contains {"path": path, "subject": contract.name, "message": message} if {
	contract.in_force
	input.spec.class == "identifier"
	walk(input.spec, [place, reference])
	is_string(reference)
	"references" in place
	parts := regex.split(`[/#:.]`, reference)
	secrets.secret_name(parts[count(parts) - 1])
	path := array.concat(["spec"], place)
	message := $"contract {contract.name} calls {reference} an identifier, but it is named like a secret"
}
