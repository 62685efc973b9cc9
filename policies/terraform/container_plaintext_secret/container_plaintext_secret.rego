# METADATA
# title: Environment variable of a container holds a credential in clear text
# description: >-
#   The value stands in the repository, in the state, in the definition that every
#   reader of the account can show, and in whatever prints the environment.
# custom:
#   severity: high
#   fix: Revoke the value, put the new one into a secret store, and let the platform fetch it (secrets with valueFrom, value_source, value_from, secret_name).
#   tags: [secret-value]
#   cwe: [798]
package policyctl.terraform.container_plaintext_secret

import data.policyctl.lib.secrets
import data.policyctl.lib.terraform

deny contains object.union(terraform.place(variable.resource, path), object.union(found, {"message": message})) if {
	some variable in terraform.environment
	some leaf in terraform.strings(variable.value, variable.name)
	some found in _credentials(variable.name, leaf.text)
	path := array.concat(variable.path, leaf.path)
	not terraform.reported_elsewhere(variable.resource.entry, path)
	message := $"environment variable {variable.name} of {variable.resource.address} is a literal credential"
}

_credentials(name, text) := {{}} if {
	terraform.secret_argument(name)
	terraform.secret_text(name, text)
} else := {{"match": match} | some match in secrets.userinfos(text)}
