# METADATA
# title: ENV holds a credential
# description: >-
#   An environment variable of an image is part of its configuration. Whoever can pull the image or list its history
#   reads it, deleting it in a later instruction does not help, and every process of the container inherits it.
# related_resources:
#   - https://docs.docker.com/build/building/secrets/
# custom:
#   severity: high
#   fix: >-
#     Remove the variable and replace the credential. Hand it to the container when it starts, or to a RUN with
#     --mount=type=secret.
#   tags: [secret-value]
#   cwe: [526, 798]
package policyctl.dockerfile.secret_in_env

import data.policyctl.lib.dockerfile
import data.policyctl.lib.secrets

deny contains {"path": array.concat(pair.path, ["value"]), "message": message} if {
	some pair in dockerfile.pairs("ENV")
	dockerfile.holds_credential(pair.value)
	message := $"ENV {pair.value.key} of {dockerfile.stage_name(pair.stage)} holds a literal credential, {dockerfile.kept(pair.stage)}"
}

deny contains {"path": array.concat(pair.path, ["value"]), "match": match, "message": message} if {
	some pair in dockerfile.pairs("ENV")
	not dockerfile.holds_credential(pair.value)
	some match in secrets.url_credentials(pair.value.value)
	message := $"ENV {pair.value.key} of {dockerfile.stage_name(pair.stage)} holds a URL with a credential, {dockerfile.kept(pair.stage)}"
}

# A build argument with a credential that becomes a variable of the image: its own name
# says so, or that of the variable which is all of it.
deny contains {"path": array.concat(pair.path, ["value"]), "message": message} if {
	some pair in dockerfile.pairs("ENV")
	not dockerfile.holds_credential(pair.value)
	some name in pair.value.references
	_credential(pair, name)
	message := $"ENV {pair.value.key} of {dockerfile.stage_name(pair.stage)} keeps the build argument {name}, {dockerfile.kept(pair.stage)}"
}

_credential(pair, name) if name in dockerfile.secret_arguments[pair.stage.index]

_credential(pair, name) if {
	secrets.secret_name(pair.value.key)
	regex.replace(pair.value.value, `[${}]`, "") == name
	some argument in dockerfile.pairs("ARG")
	argument.stage.index == pair.stage.index
	argument.value.key == name
	not dockerfile.no_credential(argument.value)
}
