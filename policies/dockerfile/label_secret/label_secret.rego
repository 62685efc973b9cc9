# METADATA
# title: Label holds a credential
# description: Labels are meant to be read. Registries and schedulers show them without pulling the image.
# custom:
#   severity: high
#   fix: Remove the label and replace the credential.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.dockerfile.label_secret

import data.policyctl.lib.dockerfile
import data.policyctl.lib.secrets

deny contains {"path": array.concat(pair.path, ["value"]), "message": message} if {
	some pair in dockerfile.pairs("LABEL")
	dockerfile.holds_credential(pair.value)
	message := $"label {pair.value.key} holds a literal credential"
}

deny contains {"path": array.concat(pair.path, ["value"]), "match": match, "message": message} if {
	some pair in dockerfile.pairs("LABEL")
	not dockerfile.holds_credential(pair.value)
	some match in secrets.url_credentials(pair.value.value)
	message := $"label {pair.value.key} holds a URL with a credential"
}
